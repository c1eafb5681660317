using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>Holds the place of the encoders until they are here.</summary>
internal abstract class OtlpEncoder
{
    public static OtlpEncoder Json { get; } = new Placeholder();

    public static OtlpEncoder Protobuf { get; } = new Placeholder();

    public abstract void WriteResource(Resource resource, Utf8Buffer output);

    public abstract void WriteLog(LogRecord record, OtlpLimits limits, Utf8Buffer output);

    public abstract void WriteLogStandIn(LogRecord record, OtlpLimits limits, Utf8Buffer output);

    public abstract void WriteSpan(Activity activity, OtlpLimits limits, Utf8Buffer output);

    public abstract void WriteSpanStandIn(Activity activity, Utf8Buffer output);

    private sealed class Placeholder : OtlpEncoder
    {
        public override void WriteResource(Resource resource, Utf8Buffer output) => output.Write("{\"attributes\":[]}"u8);

        public override void WriteLog(LogRecord record, OtlpLimits limits, Utf8Buffer output)
        {
            output.Write("{\"scope\":{\"name\":"u8);
            output.WriteJsonString(record.CategoryName);
            output.Write("},\"logRecords\":[{\"body\":{\"stringValue\":"u8);
            output.WriteJsonString(record.FormattedMessage ?? record.Body);
            output.Write("}}]}"u8);
        }

        public override void WriteLogStandIn(LogRecord record, OtlpLimits limits, Utf8Buffer output) => output.Write("{\"scope\":{\"name\":\"x\"},\"logRecords\":[{}]}"u8);

        public override void WriteSpan(Activity activity, OtlpLimits limits, Utf8Buffer output)
        {
            output.Write("{\"scope\":{\"name\":\"x\"},\"spans\":[{\"name\":"u8);
            output.WriteJsonString(activity.DisplayName);
            output.Write("}]}"u8);
        }

        public override void WriteSpanStandIn(Activity activity, Utf8Buffer output) => output.Write("{\"scope\":{\"name\":\"x\"},\"spans\":[{}]}"u8);
    }
}

internal sealed record OtlpLimits
{
    public static OtlpLimits Default { get; } = new();

    public int MaxEntryBytes { get; init; } = 1 << 20;

    public string? LogScopeVersion { get; init; }

    public string? LogScopeSchemaUrl { get; init; }

    public static OtlpLimits Read(IConfiguration? configuration, Action<string, string>? invalid = null) => Default;
}
