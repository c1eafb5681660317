namespace Sink.Core;

/// <summary>One object of a destination, as its metadata describes it.</summary>
public sealed record JournalObject
{
    /// <summary>Where it stands in the destination. Names are never read from it.</summary>
    public required string Key { get; init; }

    /// <summary>The object's own id: 32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The stream whose entries it holds.</summary>
    public required string Stream { get; init; }

    /// <summary>The id of the journal that wrote it.</summary>
    public required string Source { get; init; }

    /// <summary>Which opening of the journal sealed it: 6 base-36 digits.</summary>
    public required string Epoch { get; init; }

    /// <summary>Which of the journal's lanes wrote it.</summary>
    public required int Lane { get; init; }

    /// <summary>Its place among the objects of that lane. Within a stream and date, entries of a lower ordinal were appended earlier.</summary>
    public required long Ordinal { get; init; }

    /// <summary>Number of entries.</summary>
    public required long Entries { get; init; }

    /// <summary>Bytes before compression.</summary>
    public required long RawBytes { get; init; }

    /// <summary>Bytes as stored.</summary>
    public required long Length { get; init; }

    /// <summary>Least timestamp of its entries.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Greatest timestamp of its entries.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>BLAKE2b-16 of the stored bytes: 32 hex digits.</summary>
    public required string Hash { get; init; }

    /// <summary>How entries stand in it, for example <c>ndjson</c>.</summary>
    public required string Framing { get; init; }

    /// <summary>What stands behind entries or between them, for the framings that leave it to the stream; null for the others.</summary>
    public string? Delimiter { get; init; }

    /// <summary>What an entry is, for example <c>clef</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary><c>zstd</c>, <c>gzip</c>, <c>snappy</c>, <c>lzma</c> or <c>none</c>, or the name of the program's own compressor.</summary>
    public required string Compression { get; init; }

    /// <summary>Media type of the stored bytes: by the compression, or without one by the framing; <c>application/octet-stream</c> for a compressor that the reader was not given.</summary>
    public required string ContentType { get; init; }
}
