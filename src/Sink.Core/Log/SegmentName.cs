using System.Globalization;

namespace Sink.Core.Log;

/// <summary>Name of a segment file: <c>{sequence:10}-{base:16 hex}.segment</c>. The highest sequence is the newest; two may share a base when the first could not be synced.</summary>
internal readonly record struct SegmentName(long Sequence, long Base)
{
    public const string Suffix = ".segment";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence:D10}-{Base:x16}{Suffix}");

    public static bool TryParse(string name, out SegmentName segment)
    {
        segment = default;
        if (!name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        int dash = name.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0
            || !long.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            || !long.TryParse(name.AsSpan(dash + 1, name.Length - dash - 1 - Suffix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long start))
        {
            return false;
        }

        segment = new SegmentName(sequence, start);
        // Only a name of exactly our pattern is ours to read or delete.
        return start > 0 && segment.ToString() == name;
    }
}
