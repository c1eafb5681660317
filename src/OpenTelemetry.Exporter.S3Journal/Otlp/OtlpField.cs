namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>A field of an OTLP message, under both its names.</summary>
/// <param name="number">Its number in protobuf.</param>
/// <param name="name">Its name in JSON, with quotes and colon, as it will stand there.</param>
internal readonly ref struct OtlpField(int number, ReadOnlySpan<byte> name)
{
    public int Number { get; } = number;

    public ReadOnlySpan<byte> Name { get; } = name;
}
