using Sink.Core.Delivery;

namespace Sink.Core.Packing;

/// <summary>The packer's durable progress. What it says was true at one moment: everything it claims was synced before it was written.</summary>
internal sealed record Checkpoint
{
    /// <summary>Grows with each; of the two copies the higher counts.</summary>
    public required long Sequence { get; init; }

    /// <summary>The run that wrote it.</summary>
    public required uint Run { get; init; }

    /// <summary>Everything was packed, sealed and delivered, and the run ended.</summary>
    public bool Closed { get; init; }

    /// <summary>Every entry below was routed: an object that is not open any more, or not yet, has none of its entries from below to come.</summary>
    public required long Routed { get; init; }

    /// <summary>How the run packed: <see cref="PackingSettings.ToString"/>. An object is continued only under the same.</summary>
    public required string Packing { get; init; }

    public required long NextOrdinal { get; init; }

    public required long NextObjectId { get; init; }

    /// <summary>Hash of the metadata document of the object with the highest ordinal; null before the first.</summary>
    public string? Previous { get; init; }

    /// <summary>Objects given up or set aside, not yet named in a later object's metadata.</summary>
    public IReadOnlyList<OrdinalRange> Drops { get; init; } = [];

    /// <summary>Entries dropped, not yet named in a later object's metadata.</summary>
    public DroppedEntries Dropped { get; init; }

    /// <summary>Time in the key of the newest object of a partition, as the number HHmmss, by the partition's hash, so that keys sort in order.</summary>
    public IReadOnlyList<KeyValuePair<uint, int>> LastKeySeconds { get; init; } = [];

    /// <summary>Streams with definitions, by name. Entries that are packed again from here on are of these: where a definition changed, what came before it was flushed.</summary>
    public IReadOnlyList<StreamRecord> Streams { get; init; } = [];

    public required IReadOnlyList<ObjectRecord> Objects { get; init; }

    /// <summary>Segments are needed from here on.</summary>
    public long Low
    {
        get
        {
            long low = Routed;
            foreach (ObjectRecord record in Objects)
            {
                low = Math.Min(low, record.Resume);
            }

            return low;
        }
    }
}
