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

    /// <summary>Before each entry its length, as a 32-bit integer, the highest byte first; the length does not count itself. For bytes of any kind: <c>.length.</c> and the encoding.</summary>
    Length,

    /// <summary>
    /// One JSON array an object, <c>.json</c>, whatever was lost or cut short. An entry is one JSON document; one that is not is put in as a JSON string with its text, or as
    /// <c>{"base64":"..."}</c> when it is no UTF-8. Deeper than 1,000 levels counts as no document.
    /// </summary>
    JsonArray,

    /// <summary>
    /// Entries one after the other, and nothing else. Of <c>msgpack</c> (<c>.msgpack</c>) an entry is one MessagePack value, and one that is not is put in as a <c>bin</c> with its bytes; of <c>json</c>
    /// (<c>.concat.json</c>) one JSON document, as for <see cref="JsonArray"/>, with a space behind numbers and words. Entries of other encodings are written as they are:
    /// <see cref="JournalReader.OpenAsync"/> reads their bytes, and <see cref="JournalReader.ReadEntriesAsync"/> says that it cannot cut them.
    /// </summary>
    Concatenated,

    /// <summary>
    /// After each entry, the last one too, the stream's <see cref="StreamOptions.Delimiter"/>: <c>.delimited.</c> and the encoding. Entries are written as they are, and that none holds the delimiter is the
    /// caller's to see to: such an entry is in the object, byte for byte, but no reader can tell it from two. It is reported once for each stream, and a reader finds more entries than the metadata says.
    /// </summary>
    Delimited,

    /// <summary>As <see cref="Delimited"/>, but only between two entries: <c>.separated.</c> and the encoding.</summary>
    Separated,

    /// <summary>
    /// Events in eventbuf-v2 one after the other: <c>.eventbuf</c>. An entry is one whole event, as <see cref="Eventbuf.Write"/> makes it; one that is none is put in as an event of the type <c>invalid</c> with its bytes in base64.
    /// The encoding is <c>eventbuf-v2</c>.
    /// </summary>
    EventbufV2,
}
