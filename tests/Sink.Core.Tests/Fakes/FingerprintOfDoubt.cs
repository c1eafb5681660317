namespace Sink.Core.Tests.Fakes;

/// <summary>A number for a tree of directories and files, with what is not synced of them: two trees with one number have the same power losses ahead.</summary>
internal sealed class FingerprintOfDoubt
{
    private const ulong Prime = 0x100000001B3;

    private readonly Dictionary<Node, ulong> _numbers = [];

    public ulong Value { get; private set; } = 0xCBF29CE484222325;

    public void Add(ulong number)
    {
        Value = (Value ^ number) * Prime;
        Value ^= Value >> 29;
    }

    public void Add(string text)
    {
        foreach (char letter in text)
        {
            Value = (Value ^ letter) * Prime;
        }

        Add((ulong)text.Length);
    }

    /// <summary>A node that is met again, by another of its names, is only pointed to.</summary>
    public void Add(Node? node)
    {
        if (node is null)
        {
            Add(0UL);
        }
        else if (_numbers.TryGetValue(node, out ulong number))
        {
            Add(number);
        }
        else
        {
            _numbers[node] = (ulong)_numbers.Count + 1;
            node.AddTo(this);
        }
    }
}
