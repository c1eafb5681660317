namespace Sink.Core.Delivery;

/// <summary>Ordinals of objects that will not be delivered, as few ranges as possible, in order. Not safe for concurrent use.</summary>
internal sealed class OrdinalRangeSet
{
    private readonly List<OrdinalRange> _ranges = [];

    /// <summary>Ascending; no two touch.</summary>
    public IReadOnlyList<OrdinalRange> Ranges => _ranges;

    public bool Contains(long ordinal) => _ranges.Exists(range => range.From <= ordinal && ordinal <= range.To);

    /// <summary>Adds a range, whether or not parts of it are there.</summary>
    public void Add(OrdinalRange added)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(added.From);
        ArgumentOutOfRangeException.ThrowIfLessThan(added.To, added.From);

        // The ranges that overlap or touch the new one stand together: they become one with it.
        int first = _ranges.FindIndex(range => range.To >= added.From - 1);
        if (first < 0)
        {
            _ranges.Add(added);
            return;
        }

        int end = first;
        while (end < _ranges.Count && _ranges[end].From <= added.To + 1)
        {
            added = new OrdinalRange(Math.Min(added.From, _ranges[end].From), Math.Max(added.To, _ranges[end].To));
            end++;
        }

        _ranges.RemoveRange(first, end - first);
        _ranges.Insert(first, added);
    }

    /// <summary>Takes away the ranges that an object's metadata now names.</summary>
    public void RemoveFirst(int count) => _ranges.RemoveRange(0, count);
}
