using OpenTelemetry.Exporter.S3Journal.Otlp;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>Encodes each record in both formats while the SDK shows it.</summary>
internal sealed class Capture<TRecord>(Action<OtlpEncoder, TRecord, Utf8Buffer> write) : BaseProcessor<TRecord>
{
    public byte[] Protobuf { get; private set; } = [];

    public byte[] Json { get; private set; } = [];

    public override void OnEnd(TRecord data)
    {
        Protobuf = Write(OtlpEncoder.Protobuf, data);
        Json = Write(OtlpEncoder.Json, data);
    }

    private byte[] Write(OtlpEncoder encoder, TRecord record)
    {
        Utf8Buffer buffer = Utf8Buffer.Rent();
        write(encoder, record, buffer);
        byte[] written = buffer.Written.ToArray();
        Utf8Buffer.Return(buffer);
        return written;
    }
}
