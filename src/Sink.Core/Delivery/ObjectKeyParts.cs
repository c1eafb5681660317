namespace Sink.Core.Delivery;

/// <summary>What an object's key is made of.</summary>
internal readonly record struct ObjectKeyParts()
{
    /// <summary>The number of shards, null for a key without that segment.</summary>
    public int? Shards { get; init; }

    public required string Stream { get; init; }

    /// <summary>The date part, as <c>2026/11/22</c>.</summary>
    public required string Partition { get; init; }

    /// <summary>What the last segment begins with, for readers that know objects by it.</summary>
    public string NamePrefix { get; init; } = "";

    /// <summary>UTC time of sealing as the number HHmmss, see <see cref="ObjectKey.TimeOfDay"/>; never below the previous one's in the same partition.</summary>
    public required int Time { get; init; }

    /// <summary>Wall clock at sealing, as it was.</summary>
    public long SealedUtcTicks { get; init; }

    /// <summary>Of the earliest entry.</summary>
    public long FirstUtcTicks { get; init; }

    /// <summary>Of the latest entry.</summary>
    public long LastUtcTicks { get; init; }

    public required string Id { get; init; }

    /// <summary>See <see cref="EpochText"/>.</summary>
    public required string Epoch { get; init; }

    public required long Ordinal { get; init; }

    /// <summary>Framing and compression without the leading dot, as <c>ndjson.zst</c>.</summary>
    public required string Suffix { get; init; }
}
