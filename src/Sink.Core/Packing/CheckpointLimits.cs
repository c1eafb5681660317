using Sink.Core.Delivery;

namespace Sink.Core.Packing;

/// <summary>
/// What holds of every checkpoint that was ever written. One with a right checksum that says anything else is as damaged as one
/// without: it must not name a file that is none, take memory that nobody has, or lead an object's key out of the store.
/// </summary>
internal static class CheckpointLimits
{
    /// <summary>Far above any position or sequence, and far enough below the end of the numbers to add to.</summary>
    private const long MostPosition = 1L << 60;

    /// <summary>The twelve hex digits of a staged object's name.</summary>
    private const long MostObjectId = (1L << 48) - 1;

    private const int MostPartitionBytes = 1024;

    public static bool Holds(Checkpoint checkpoint)
    {
        HashSet<long> ids = [];
        HashSet<string> streams = [];
        HashSet<(string, string)> partitions = [];
        return checkpoint.Sequence is >= 0 and <= MostPosition
            && checkpoint.Run < uint.MaxValue
            && checkpoint.Routed is >= 0 and <= MostPosition
            && checkpoint.NextOrdinal is >= 0 and <= ObjectKey.MaxOrdinal + 1
            && checkpoint.NextObjectId is >= 0 and <= MostObjectId
            && (checkpoint.Previous is null || Blake2b16.IsHex(checkpoint.Previous))
            && checkpoint.Drops.All(static range => range.From >= 0 && range.To >= range.From && range.To <= ObjectKey.MaxOrdinal)
            && checkpoint.Dropped is { Policy: >= 0, GivenUp: >= 0, Quarantined: >= 0 }
            && checkpoint.LastKeySeconds.DistinctBy(static pair => pair.Key).Count() == checkpoint.LastKeySeconds.Count
            && checkpoint.LastKeySeconds.All(static pair => pair.Value is >= 0 and < 240_000)
            && checkpoint.Streams.All(record => record.Number is > 0 and <= Log.FrameTag.LargestNumber && record.Since >= 0 && record.Since <= checkpoint.Routed && StreamName.Validate(record.Stream) is null && streams.Add(record.Stream))
            && checkpoint.Objects.All(record => Holds(record, checkpoint) && ids.Add(record.Id) && partitions.Add((record.Stream, record.Partition)));
    }

    private static bool Holds(ObjectRecord record, Checkpoint checkpoint) =>
        record.Id >= 0
        && record.Id < checkpoint.NextObjectId
        && record.Generation >= 0
        && StreamName.Validate(record.Stream) is null
        && IsPartition(record.Partition)
        && record.OpenedUtcTicks >= 0
        && record.OpenedUtcTicks <= DateTime.MaxValue.Ticks
        && record.Resume >= 0
        && record.Resume <= checkpoint.Routed
        && record.Tally is { Entries: >= 0, RawBytes: >= 0, End: >= 0, Start: >= 0, First: >= 0, Last: >= 0 }
        && (record.Tally.Entries == 0 || (record.Tally.Start <= record.Tally.End && record.Tally.End <= DateTime.MaxValue.Ticks && record.Tally.First <= record.Tally.Last))
        && record.Frames.All(static frame => frame is { Length: >= 0, Entries: >= 0, RawBytes: >= 0 })
        && record.Frames.Sum(static frame => (long)frame.Entries) == record.Tally.Entries
        && record.Frames.Sum(static frame => (long)frame.RawBytes) == record.Tally.RawBytes;

    /// <summary>A date as any format gives it: a part of a key that leads nowhere else.</summary>
    private static bool IsPartition(string partition) =>
        System.Text.Encoding.UTF8.GetByteCount(partition) <= MostPartitionBytes && StoreKey.IsInside(partition);
}
