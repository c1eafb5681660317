using System.Globalization;

namespace Sink.Core.Delivery;

/// <summary>
/// Name of a sidecar: <c>{ordinal:12}-{object id:12 hex}-{generation}-{partition hash:8 hex}-{entries}.sealed</c>. It
/// carries what opening a lane needs of a sealed object, so that a large backlog costs one listing and no reads.
/// </summary>
internal readonly record struct SealedName(long Ordinal, long ObjectId, int Generation, uint PartitionHash, long Entries)
{
    public const string Suffix = ".sealed";

    public string DataName => StagedName.Of(ObjectId, Generation);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Ordinal:D12}-{ObjectId:x12}-{Generation}-{PartitionHash:x8}-{Entries}{Suffix}");

    public static bool TryParse(string name, out SealedName parsed)
    {
        parsed = default;
        if (!name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = name[..^Suffix.Length].Split('-');
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (parts.Length != 5
            || !long.TryParse(parts[0], NumberStyles.None, culture, out long ordinal)
            || !long.TryParse(parts[1], NumberStyles.AllowHexSpecifier, culture, out long id)
            || !int.TryParse(parts[2], NumberStyles.None, culture, out int generation)
            || !uint.TryParse(parts[3], NumberStyles.AllowHexSpecifier, culture, out uint hash)
            || !long.TryParse(parts[4], NumberStyles.None, culture, out long entries))
        {
            return false;
        }

        parsed = new SealedName(ordinal, id, generation, hash, entries);
        // Only a name of exactly our pattern is ours to read or delete.
        return parsed.ToString() == name;
    }
}
