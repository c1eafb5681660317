using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>What a log record and its stand-in have in common.</summary>
internal static class LogParts<TFormat>
    where TFormat : struct, IOtlpFormat
{
    /// <summary>The name under which a state, or a scope, gives its template.</summary>
    public const string TemplateName = "{OriginalFormat}";

    /// <summary>A scope that is a plain text has no name, and the template would come again with each scope within another: the OTLP exporter leaves out both.</summary>
    public static bool IsScopeAttribute(string? name) => !string.IsNullOrEmpty(name) && name != TemplateName;

    public static void WriteScope(ReadOnlySpan<char> category, OtlpLimits limits, Utf8Buffer output)
    {
        int scope = TFormat.BeginMessage(OtlpFields.Scope, output);
        TFormat.Text(OtlpFields.ScopeName, category, output);
        if (limits.LogScopeVersion is { } version)
        {
            TFormat.Text(OtlpFields.ScopeVersion, version, output);
        }

        TFormat.EndMessage(scope, output);
    }

    public static void WriteScopeSchema(OtlpLimits limits, Utf8Buffer output)
    {
        if (!string.IsNullOrEmpty(limits.LogScopeSchemaUrl))
        {
            TFormat.Text(OtlpFields.ScopeSchemaUrl, limits.LogScopeSchemaUrl, output);
        }
    }

    /// <summary>Times, severity, event - as much of its name as is given - and trace.</summary>
    public static void WriteHead(LogRecord record, ReadOnlySpan<char> eventName, Utf8Buffer output)
    {
        ulong time = record.Timestamp == DateTime.MinValue ? 0 : UnixTime.Of(record.Timestamp);
        TFormat.Time(OtlpFields.LogTime, time, output);
        TFormat.Time(OtlpFields.LogObservedTime, record.ObservedTimestamp == record.Timestamp ? time : UnixTime.Of(record.ObservedTimestamp), output);
        WriteSeverity(record.LogLevel, output);
        if (record.EventId.Name is not null)
        {
            TFormat.Text(OtlpFields.LogEventName, eventName, output);
        }

        if (record.TraceId != default && record.SpanId != default)
        {
            IdWriter<TFormat>.Write(OtlpFields.LogTraceId, record.TraceId, output);
            IdWriter<TFormat>.Write(OtlpFields.LogSpanId, record.SpanId, output);
            TFormat.Flags(OtlpFields.LogFlags, (uint)record.TraceFlags & 0xff, output);
        }
    }

    public static void WriteBody(ReadOnlySpan<char> text, Utf8Buffer output)
    {
        int body = TFormat.BeginMessage(OtlpFields.LogBody, output);
        TFormat.Text(OtlpFields.StringValue, text, output);
        TFormat.EndMessage(body, output);
    }

    /// <summary>The SDK gives each level the first of its four severities, and the level's name as the text.</summary>
    private static void WriteSeverity(LogLevel level, Utf8Buffer output)
    {
        string? name = level switch
        {
            LogLevel.Trace => nameof(LogLevel.Trace),
            LogLevel.Debug => nameof(LogLevel.Debug),
            LogLevel.Information => nameof(LogLevel.Information),
            LogLevel.Warning => nameof(LogLevel.Warning),
            LogLevel.Error => nameof(LogLevel.Error),
            LogLevel.Critical => nameof(LogLevel.Critical),
            _ => null,
        };
        if (name is not null)
        {
            TFormat.Count(OtlpFields.LogSeverityNumber, ((uint)level * 4) + 1, output);
            TFormat.Text(OtlpFields.LogSeverityText, name, output);
        }
    }
}
