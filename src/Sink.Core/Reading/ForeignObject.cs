namespace Sink.Core;

/// <summary>
/// An object of a destination that no journal wrote, as the data lake's record in its metadata describes it. Whoever may write to the destination
/// may have written the record: its values have the forms below, and are not to be trusted further.
/// </summary>
public sealed record ForeignObject
{
    /// <summary>Where it stands in the destination.</summary>
    public required string Key { get; init; }

    /// <summary>Bytes as stored.</summary>
    public required long Length { get; init; }

    /// <summary>Its own id: not empty, without control characters, most often 32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>When what it holds begins, to the millisecond.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When that ends, not before <see cref="Start"/>; null for a snapshot of one moment.</summary>
    public required DateTimeOffset? End { get; init; }

    /// <summary>Where it comes from, of <c>[a-z0-9_-]</c>.</summary>
    public required string Where { get; init; }

    /// <summary>What it is, of <c>[a-z0-9_-]</c>.</summary>
    public required string What { get; init; }

    /// <summary>The run or job it belongs to, of <c>[a-z0-9_-]</c>; null when it says none.</summary>
    public required string? WorkId { get; init; }

    /// <summary>The version of its form, of <c>[A-Za-z0-9_-]</c>; null when it says none.</summary>
    public required string? DataVersion { get; init; }

    /// <summary>Where it stood on the machine that wrote it, absolute there, and not for writing to; null when it does not say.</summary>
    public required string? Path { get; init; }

    /// <summary>BLAKE2b-16 of its bytes, as it says: 32 hex digits. Nothing compares them.</summary>
    public required string Hash { get; init; }

    /// <summary>The whole document in JSON, verbatim, with the keys of its writer's own.</summary>
    public required string Document { get; init; }
}
