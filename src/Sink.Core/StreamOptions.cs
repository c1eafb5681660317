namespace Sink.Core;

/// <summary>What a stream has of its own. A stream's first user sets them; another's must be the same.</summary>
public sealed class StreamOptions
{
    /// <summary>How entries stand in an object. Default <see cref="StreamFraming.Ndjson"/>.</summary>
    public StreamFraming Framing { get; set; }

    /// <summary>
    /// What an entry is, as the objects' metadata tells: 1 to 16 letters, digits, '-', '_', '.' and '+'. Default <c>json</c>. The OTLP framings need
    /// <c>otlp-logs</c> or <c>otlp-traces</c>.
    /// </summary>
    public string Encoding { get; set; } = "json";

    /// <summary>The date part of the stream's keys, as <see cref="JournalOptions.DirectoryFormat"/>. Null (the default) is the journal's.</summary>
    public string? DirectoryFormat { get; set; }

    /// <summary>The time zone of <see cref="DirectoryFormat"/>. Null (the default) is the journal's <see cref="JournalOptions.DirectoryTimeZone"/>.</summary>
    public string? DirectoryTimeZone { get; set; }

    /// <summary>Size at which the stream's objects are sealed, in compressed bytes, 4 KiB to the journal's <see cref="JournalOptions.MaxObjectBytes"/>, which is what null (the default) takes. Looked at when a compressed frame was written, so that an object may be larger by about one.</summary>
    public long? MaxObjectBytes { get; set; }

    /// <summary>The most entries of an object; the next one begins another. 1 or more; null (the default) sets no limit. Few of them make many objects, each a request to the store.</summary>
    public long? MaxObjectEntries { get; set; }

    /// <summary>Age at which the stream's objects are sealed, 10 ms to 7 days. Null (the default) is the journal's <see cref="JournalOptions.MaxObjectAge"/>.</summary>
    public TimeSpan? MaxObjectAge { get; set; }

    /// <summary>What the entries share, in the form that the framing gives: written once for each compressed frame. Empty by default; at most 64 KiB.</summary>
    public ReadOnlyMemory<byte> Header { get; set; }
}
