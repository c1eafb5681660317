using Sink.Core.Delivery;

namespace Sink.Core.Packing;

/// <summary>What a checkpoint says of an open object: the part of it that is in its file, and the position from which the log has the rest.</summary>
internal sealed record ObjectRecord
{
    /// <summary>Unique in the lane, never used again; names the file.</summary>
    public required long Id { get; init; }

    /// <summary>Counts the files of the object: after a failed sync it goes on in a new one.</summary>
    public required int Generation { get; init; }

    public required string Stream { get; init; }

    public required string Partition { get; init; }

    /// <summary>Its partition's time was over, or not yet come, when it was opened: it is sealed by age, size or flush only.</summary>
    public required bool Late { get; init; }

    public required long OpenedUtcTicks { get; init; }

    /// <summary>Its own packed position: entries from here on are not in the file.</summary>
    public required long Resume { get; init; }

    public required IReadOnlyList<CompressedFrame> Frames { get; init; }

    /// <summary>Counters of what is in the file.</summary>
    public required ObjectTally Tally { get; init; }

    public long FileBytes => Frames.Sum(static frame => (long)frame.Length);

    public string FileName => StagedName.Of(Id, Generation);
}
