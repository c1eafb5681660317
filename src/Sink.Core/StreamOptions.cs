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

    /// <summary>What the entries share, in the form that the framing gives: written once for each compressed frame. Empty by default; at most 64 KiB.</summary>
    public ReadOnlyMemory<byte> Header { get; set; }
}
