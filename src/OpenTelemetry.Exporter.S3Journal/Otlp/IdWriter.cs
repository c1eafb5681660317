using System.Diagnostics;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>Ids of traces and spans, without the strings that .NET keeps them in.</summary>
internal static class IdWriter<TFormat>
    where TFormat : struct, IOtlpFormat
{
    public static void Write(OtlpField field, ActivityTraceId id, Utf8Buffer output)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.CopyTo(bytes);
        TFormat.Id(field, bytes, output);
    }

    public static void Write(OtlpField field, ActivitySpanId id, Utf8Buffer output)
    {
        Span<byte> bytes = stackalloc byte[8];
        id.CopyTo(bytes);
        TFormat.Id(field, bytes, output);
    }
}
