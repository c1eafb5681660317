using System.Diagnostics;
using OpenTelemetry.Exporter.S3Journal.Otlp;

namespace OpenTelemetry.Exporter.S3Journal.Signals;

internal sealed class SpanSignal() : Signal<Activity>("traces", "otlp-traces")
{
    public static SpanSignal Instance { get; } = new();

    /// <summary>Its end: a span that took days would go back to a partition that was delivered long ago.</summary>
    public override DateTimeOffset TimeOf(Activity record) => Utc(record.StartTimeUtc + record.Duration);

    public override void Write(OtlpEncoder encoder, Activity record, OtlpLimits limits, Utf8Buffer output) => encoder.WriteSpan(record, limits, output);

    public override void WriteStandIn(OtlpEncoder encoder, Activity record, OtlpLimits limits, Utf8Buffer output) => encoder.WriteSpanStandIn(record, output);
}
