using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Logs;

namespace OpenTelemetry.Exporter.S3Journal.Signals;

internal sealed class LogSignal() : Signal<LogRecord>("logs", "otlp-logs")
{
    public static LogSignal Instance { get; } = new();

    /// <summary>When it was observed, where the program gave no time.</summary>
    public override DateTimeOffset TimeOf(LogRecord record) => Utc(record.Timestamp == default ? record.ObservedTimestamp : record.Timestamp);

    public override void Write(OtlpEncoder encoder, LogRecord record, OtlpLimits limits, Utf8Buffer output) => encoder.WriteLog(record, limits, output);

    public override void WriteStandIn(OtlpEncoder encoder, LogRecord record, OtlpLimits limits, Utf8Buffer output) => encoder.WriteLogStandIn(record, limits, output);
}
