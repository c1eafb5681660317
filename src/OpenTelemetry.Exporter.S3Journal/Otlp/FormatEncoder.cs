using System.Diagnostics;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>The encoder of one format.</summary>
internal sealed class FormatEncoder<TFormat> : OtlpEncoder
    where TFormat : struct, IOtlpFormat
{
    public override void WriteResource(Resource resource, Utf8Buffer output)
    {
        int message = TFormat.BeginMessage(OtlpFields.Resource, output);
        WriteAttributes(resource, output);
        TFormat.EndMessage(message, output);
        if (!string.IsNullOrEmpty(resource.SchemaUrl))
        {
            TFormat.Text(OtlpFields.ResourceSchemaUrl, resource.SchemaUrl, output);
        }
    }

    public override void WriteLog(LogRecord record, OtlpLimits limits, Utf8Buffer output) => LogWriter<TFormat>.Write(record, limits, output);

    public override void WriteLogStandIn(LogRecord record, OtlpLimits limits, Utf8Buffer output) => LogStandIn<TFormat>.Write(record, limits, output);

    public override void WriteSpan(Activity activity, OtlpLimits limits, Utf8Buffer output) => SpanWriter<TFormat>.Write(activity, limits, output);

    public override void WriteSpanStandIn(Activity activity, Utf8Buffer output) => SpanStandIn<TFormat>.Write(activity, output);

    /// <summary>All of them: the limits are none of a resource's.</summary>
    private static void WriteAttributes(Resource resource, Utf8Buffer output)
    {
        ValueBudget budget = new(int.MaxValue, int.MaxValue);
        int list = TFormat.BeginList(OtlpFields.ResourceAttributes, output);
        foreach (KeyValuePair<string, object> attribute in resource.Attributes)
        {
            PairWriter<TFormat>.TryWrite(OtlpFields.ResourceAttributes, attribute.Key, attribute.Value, ref budget, output);
        }

        TFormat.EndList(list, output);
    }
}
