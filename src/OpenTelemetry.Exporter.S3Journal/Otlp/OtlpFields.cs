namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>
/// The fields that are written, by message (https://github.com/open-telemetry/opentelemetry-proto, version 1). Properties, not stored values: each call is
/// compiled to its two constants.
/// </summary>
internal static class OtlpFields
{
    // ResourceLogs and ResourceSpans: the same in both.
    public static OtlpField Resource => new(1, "\"resource\":"u8);
    public static OtlpField ResourceSchemaUrl => new(3, "\"schemaUrl\":"u8);

    public static OtlpField ResourceAttributes => new(1, "\"attributes\":"u8);

    // ScopeLogs and ScopeSpans: the same in both, but for the records' name.
    public static OtlpField Scope => new(1, "\"scope\":"u8);
    public static OtlpField LogRecords => new(2, "\"logRecords\":"u8);
    public static OtlpField Spans => new(2, "\"spans\":"u8);
    public static OtlpField ScopeSchemaUrl => new(3, "\"schemaUrl\":"u8);

    // InstrumentationScope
    public static OtlpField ScopeName => new(1, "\"name\":"u8);
    public static OtlpField ScopeVersion => new(2, "\"version\":"u8);
    public static OtlpField ScopeAttributes => new(3, "\"attributes\":"u8);
    public static OtlpField ScopeDroppedAttributes => new(4, "\"droppedAttributesCount\":"u8);

    // KeyValue, AnyValue, ArrayValue, KeyValueList
    public static OtlpField Key => new(1, "\"key\":"u8);
    public static OtlpField Value => new(2, "\"value\":"u8);
    public static OtlpField StringValue => new(1, "\"stringValue\":"u8);
    public static OtlpField BoolValue => new(2, "\"boolValue\":"u8);
    public static OtlpField IntValue => new(3, "\"intValue\":"u8);
    public static OtlpField DoubleValue => new(4, "\"doubleValue\":"u8);
    public static OtlpField ArrayValue => new(5, "\"arrayValue\":"u8);
    public static OtlpField KeyValueList => new(6, "\"kvlistValue\":"u8);
    public static OtlpField BytesValue => new(7, "\"bytesValue\":"u8);
    public static OtlpField Values => new(1, "\"values\":"u8);

    // LogRecord
    public static OtlpField LogTime => new(1, "\"timeUnixNano\":"u8);
    public static OtlpField LogSeverityNumber => new(2, "\"severityNumber\":"u8);
    public static OtlpField LogSeverityText => new(3, "\"severityText\":"u8);
    public static OtlpField LogBody => new(5, "\"body\":"u8);
    public static OtlpField LogAttributes => new(6, "\"attributes\":"u8);
    public static OtlpField LogDroppedAttributes => new(7, "\"droppedAttributesCount\":"u8);
    public static OtlpField LogFlags => new(8, "\"flags\":"u8);
    public static OtlpField LogTraceId => new(9, "\"traceId\":"u8);
    public static OtlpField LogSpanId => new(10, "\"spanId\":"u8);
    public static OtlpField LogObservedTime => new(11, "\"observedTimeUnixNano\":"u8);
    public static OtlpField LogEventName => new(12, "\"eventName\":"u8);

    // Span
    public static OtlpField SpanTraceId => new(1, "\"traceId\":"u8);
    public static OtlpField SpanId => new(2, "\"spanId\":"u8);
    public static OtlpField SpanTraceState => new(3, "\"traceState\":"u8);
    public static OtlpField SpanParentId => new(4, "\"parentSpanId\":"u8);
    public static OtlpField SpanName => new(5, "\"name\":"u8);
    public static OtlpField SpanKind => new(6, "\"kind\":"u8);
    public static OtlpField SpanStart => new(7, "\"startTimeUnixNano\":"u8);
    public static OtlpField SpanEnd => new(8, "\"endTimeUnixNano\":"u8);
    public static OtlpField SpanAttributes => new(9, "\"attributes\":"u8);
    public static OtlpField SpanDroppedAttributes => new(10, "\"droppedAttributesCount\":"u8);
    public static OtlpField SpanEvents => new(11, "\"events\":"u8);
    public static OtlpField SpanDroppedEvents => new(12, "\"droppedEventsCount\":"u8);
    public static OtlpField SpanLinks => new(13, "\"links\":"u8);
    public static OtlpField SpanDroppedLinks => new(14, "\"droppedLinksCount\":"u8);
    public static OtlpField SpanStatus => new(15, "\"status\":"u8);
    public static OtlpField SpanFlags => new(16, "\"flags\":"u8);

    // Span.Event
    public static OtlpField EventTime => new(1, "\"timeUnixNano\":"u8);
    public static OtlpField EventName => new(2, "\"name\":"u8);
    public static OtlpField EventAttributes => new(3, "\"attributes\":"u8);
    public static OtlpField EventDroppedAttributes => new(4, "\"droppedAttributesCount\":"u8);

    // Span.Link
    public static OtlpField LinkTraceId => new(1, "\"traceId\":"u8);
    public static OtlpField LinkSpanId => new(2, "\"spanId\":"u8);
    public static OtlpField LinkTraceState => new(3, "\"traceState\":"u8);
    public static OtlpField LinkAttributes => new(4, "\"attributes\":"u8);
    public static OtlpField LinkDroppedAttributes => new(5, "\"droppedAttributesCount\":"u8);
    public static OtlpField LinkFlags => new(6, "\"flags\":"u8);

    // Status
    public static OtlpField StatusMessage => new(2, "\"message\":"u8);
    public static OtlpField StatusCode => new(3, "\"code\":"u8);
}
