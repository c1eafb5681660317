namespace Sink.Core;

/// <summary>How the entries of a stream stand in its objects.</summary>
public enum StreamFraming
{
    /// <summary>A JSON document a line, each line ended by a line feed: <c>.ndjson</c>.</summary>
    Ndjson,

    /// <summary>
    /// OTLP's file format: a LogsData or TracesData document a line, <c>.jsonl</c>. An entry is one ScopeLogs or ScopeSpans as OTLP JSON;
    /// <see cref="StreamOptions.Header"/> is what stands beside them in their ResourceLogs or ResourceSpans, without braces: <c>"resource":{...},"schemaUrl":"..."</c>. A line holds the entries of one compressed frame.
    /// </summary>
    OtlpJsonLines,

    /// <summary>One LogsData or TracesData document an object, <c>.json</c>; entries and header as for <see cref="OtlpJsonLines"/>.</summary>
    OtlpJson,

    /// <summary>LogsData or TracesData messages one after the other, which are one message: <c>.binpb</c>. An entry is one serialized ScopeLogs or ScopeSpans; the header is the serialized fields <c>resource</c> and <c>schema_url</c> beside them.</summary>
    OtlpProtobuf,

    /// <summary>Before each entry its length in bytes, 32 bits, big-endian, without itself. For entries of any kind.</summary>
    Length,
}
