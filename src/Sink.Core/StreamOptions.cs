namespace Sink.Core;

/// <summary>What a stream has of its own; what is null is taken from the first of <see cref="JournalOptions.Streams"/> that matches, then from the journal. A stream's first user sets them; another's must be the same.</summary>
public class StreamOptions
{
    /// <summary>
    /// How entries stand in an object. Null (the default) is what suits the <see cref="Encoding"/>: <see cref="StreamFraming.Ndjson"/> for <c>json</c>, <see cref="StreamFraming.Concatenated"/> for
    /// <c>msgpack</c>, <see cref="StreamFraming.EventbufV2"/> for <c>eventbuf-v2</c>, <see cref="StreamFraming.Length"/> for others.
    /// </summary>
    public StreamFraming? Framing { get; set; }

    /// <summary>
    /// What an entry is, as the objects' metadata tells: 1 to 16 letters, digits, '-', '_', '.' and '+'. Null (the default) is <c>json</c>, or <c>eventbuf-v2</c> for the framing of that name, which
    /// takes no other. The OTLP framings need <c>otlp-logs</c> or <c>otlp-traces</c>; <see cref="StreamFraming.Ndjson"/> and <see cref="StreamFraming.JsonArray"/> are for text, and refuse <c>msgpack</c> and <c>eventbuf-v2</c>.
    /// </summary>
    public string? Encoding { get; set; }

    /// <summary>
    /// What stands behind each entry (<see cref="StreamFraming.Delimited"/>) or between two (<see cref="StreamFraming.Separated"/>), 1 to 16 bytes of UTF-8; the other framings have no place for one. Null (the default) is
    /// a line feed. No entry may hold it: see there.
    /// </summary>
    public string? Delimiter { get; set; }

    /// <summary>How the stream's objects are compressed. Null (the default) is as the journal's are. Each that is in use at a time keeps a compressor's memory.</summary>
    public Compression? Compression { get; set; }

    /// <summary>The level of <see cref="Compression"/>, as <see cref="JournalOptions.CompressionLevel"/>; only beside it. Null (the default) is the usual one.</summary>
    public int? CompressionLevel { get; set; }

    /// <summary>The date part of the stream's keys, as <see cref="JournalOptions.DirectoryFormat"/>. Null (the default) is the journal's.</summary>
    public string? DirectoryFormat { get; set; }

    /// <summary>The time zone of <see cref="DirectoryFormat"/>; only beside it. Null (the default) is the journal's <see cref="JournalOptions.DirectoryTimeZone"/>.</summary>
    public string? DirectoryTimeZone { get; set; }

    /// <summary>Size at which the stream's objects are sealed, in compressed bytes, 4 KiB to the journal's <see cref="JournalOptions.MaxObjectBytes"/>, which is what null (the default) takes. Looked at when a compressed frame was written, so that an object may be larger by about one. An entry is never split.</summary>
    public long? MaxObjectBytes { get; set; }

    /// <summary>The most entries of an object; the next one begins another. 1 or more; null (the default) sets no limit. Few of them make many objects, each a request to the store.</summary>
    public long? MaxObjectEntries { get; set; }

    /// <summary>Age at which the stream's objects are sealed, 10 ms to 7 days. Null (the default) is the journal's <see cref="JournalOptions.MaxObjectAge"/>.</summary>
    public TimeSpan? MaxObjectAge { get; set; }

    /// <summary>What was given to <see cref="UseHeader"/>; empty by default.</summary>
    public ReadOnlyMemory<byte> Header { get; private set; }

    /// <summary>What the entries share, in the form that the OTLP framings give: written once for each compressed frame. At most 64 KiB; the other framings have no place for one.</summary>
    /// <param name="header">Copied when the stream is opened.</param>
    public void UseHeader(ReadOnlyMemory<byte> header) => Header = header;

    /// <summary>These, and where they are null, the others.</summary>
    internal StreamOptions Over(StreamOptions others) => new()
    {
        Framing = Framing ?? others.Framing,
        Encoding = Encoding ?? others.Encoding,
        Compression = Compression ?? others.Compression,

        // Those of a framing, a compression or a format of its own must not come from another's.
        Delimiter = Delimiter ?? (Framing is null ? others.Delimiter : null),
        CompressionLevel = CompressionLevel ?? (Compression is null ? others.CompressionLevel : null),
        DirectoryFormat = DirectoryFormat ?? others.DirectoryFormat,
        DirectoryTimeZone = DirectoryTimeZone ?? (DirectoryFormat is null ? others.DirectoryTimeZone : null),
        MaxObjectBytes = MaxObjectBytes ?? others.MaxObjectBytes,
        MaxObjectEntries = MaxObjectEntries ?? others.MaxObjectEntries,
        MaxObjectAge = MaxObjectAge ?? others.MaxObjectAge,
        Header = Header.IsEmpty ? others.Header : Header,
    };
}
