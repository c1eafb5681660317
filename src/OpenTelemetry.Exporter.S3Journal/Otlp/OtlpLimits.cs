using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>
/// How much of a record is written: OpenTelemetry's own settings (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#attribute-limits),
/// in the order of the OTLP exporter: the one for a kind of attributes counts before the one for all. <see cref="int.MaxValue"/> is no limit. Read once.
/// </summary>
internal sealed record OtlpLimits
{
    private const int UsualCount = 128;

    /// <summary>What holds when nothing is set.</summary>
    public static OtlpLimits Default { get; } = new();

    /// <summary>Attributes of a span's scope.</summary>
    public int AttributeCount { get; init; } = UsualCount;

    /// <summary>Chars of a text, or bytes of an array of bytes, among a span's scope's attributes.</summary>
    public int AttributeValueLength { get; init; } = int.MaxValue;

    public int SpanAttributeCount { get; init; } = UsualCount;

    /// <summary>Also of a span's events and links.</summary>
    public int SpanAttributeValueLength { get; init; } = int.MaxValue;

    public int SpanEventCount { get; init; } = UsualCount;

    public int SpanLinkCount { get; init; } = UsualCount;

    public int EventAttributeCount { get; init; } = UsualCount;

    public int LinkAttributeCount { get; init; } = UsualCount;

    public int LogAttributeCount { get; init; } = UsualCount;

    public int LogAttributeValueLength { get; init; } = int.MaxValue;

    /// <summary>Whether a log record's event id becomes an attribute, as <c>OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES</c> asks.</summary>
    public bool WritesEventId { get; init; }

    /// <summary>
    /// What the journal takes. Of a record that is larger no more is written than is needed to see it: the caller finds the output longer than this
    /// and writes the stand-in.
    /// </summary>
    public int MaxEntryBytes { get; init; } = 1 << 20;

    /// <summary>
    /// <c>OpenTelemetryLoggerOptions.Version</c>, the version of log records' scopes, and <see cref="LogScopeSchemaUrl"/>: the same for all records of a provider, and
    /// the record itself does not show them.
    /// </summary>
    public string? LogScopeVersion { get; init; }

    /// <summary><c>OpenTelemetryLoggerOptions.SchemaUrl</c>.</summary>
    public string? LogScopeSchemaUrl { get; init; }

    /// <param name="configuration">Null: the environment.</param>
    /// <param name="invalid">Told name and value of a setting that cannot be read, and so does not count.</param>
    public static OtlpLimits Read(IConfiguration? configuration, Action<string, string>? invalid = null)
    {
        Func<string, string?> get = configuration is null ? Environment.GetEnvironmentVariable : key => configuration[key];

        int? Number(string key)
        {
            if (get(key) is not { } text || string.IsNullOrWhiteSpace(text))
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return number;
            }

            invalid?.Invoke(key, text);
            return null;
        }

        int count = Number("OTEL_ATTRIBUTE_COUNT_LIMIT") ?? UsualCount;
        int length = Number("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? int.MaxValue;
        return new OtlpLimits
        {
            AttributeCount = count,
            AttributeValueLength = length,
            SpanAttributeCount = Number("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT") ?? count,
            SpanAttributeValueLength = Number("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? length,
            SpanEventCount = Number("OTEL_SPAN_EVENT_COUNT_LIMIT") ?? UsualCount,
            SpanLinkCount = Number("OTEL_SPAN_LINK_COUNT_LIMIT") ?? UsualCount,
            EventAttributeCount = Number("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT") ?? count,
            LinkAttributeCount = Number("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT") ?? count,
            LogAttributeCount = Number("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT") ?? count,
            LogAttributeValueLength = Number("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? length,
            WritesEventId = Flag("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES"),
        };

        bool Flag(string key)
        {
            string? text = get(key);
            if (string.IsNullOrWhiteSpace(text) || bool.TryParse(text, out bool flag))
            {
                return !string.IsNullOrWhiteSpace(text) && bool.Parse(text);
            }

            invalid?.Invoke(key, text);
            return flag;
        }
    }
}
