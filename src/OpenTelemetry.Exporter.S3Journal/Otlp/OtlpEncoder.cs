using System.Diagnostics;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>
/// OTLP, with the contents that OpenTelemetry's own OTLP exporter (1.20.1) gives the same record. Written straight from the record, of which nothing is kept: the SDK
/// uses log records again. No record makes a method throw, except for an interrupt of the thread: what cannot be read is left out and counted as dropped.
/// </summary>
internal abstract class OtlpEncoder
{
    public static OtlpEncoder Json { get; } = new FormatEncoder<JsonFormat>();

    public static OtlpEncoder Protobuf { get; } = new FormatEncoder<ProtobufFormat>();

    /// <summary>
    /// The fields of a ResourceLogs or ResourceSpans that are the resource's: <c>resource</c> and, where it has one, <c>schema_url</c>. In JSON without the braces around
    /// them, in protobuf the bytes as they are: the entries follow as further fields.
    /// </summary>
    public abstract void WriteResource(Resource resource, Utf8Buffer output);

    /// <summary>A ScopeLogs message of one record. Of one larger than <see cref="OtlpLimits.MaxEntryBytes"/> only so much that it is seen to be larger.</summary>
    public abstract void WriteLog(LogRecord record, OtlpLimits limits, Utf8Buffer output);

    /// <summary>
    /// What is stored of a record too large for the journal: time, severity, ids, the first 8 KiB of its body and of its exception's texts, small attributes, and the
    /// attribute <c>truncated</c>. Some 100 KB at most, usually 10.
    /// </summary>
    public abstract void WriteLogStandIn(LogRecord record, OtlpLimits limits, Utf8Buffer output);

    /// <summary>A ScopeSpans message of one span; larger ones as in <see cref="WriteLog"/>.</summary>
    public abstract void WriteSpan(Activity activity, OtlpLimits limits, Utf8Buffer output);

    /// <summary>The same of a span: without its events and links, which it counts as dropped.</summary>
    public abstract void WriteSpanStandIn(Activity activity, Utf8Buffer output);
}
