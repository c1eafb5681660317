namespace Integration.Tests.Support;

/// <summary>The lines of an HTTP request before its body.</summary>
internal sealed record RequestHead(List<string> Lines)
{
    public string? Find(string name) => Lines.Find(Names(name))?[(name.Length + 1)..].Trim();

    public bool Remove(string name) => Lines.RemoveAll(Names(name)) > 0;

    private static Predicate<string> Names(string name) => line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);
}
