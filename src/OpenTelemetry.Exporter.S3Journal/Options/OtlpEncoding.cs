namespace OpenTelemetry.Exporter;

/// <summary>In which of OTLP's forms records are written.</summary>
public enum OtlpEncoding
{
    /// <summary>OTLP JSON.</summary>
    Json,

    /// <summary>OTLP protobuf; only with <see cref="S3JournalProfile.Collector"/>.</summary>
    Protobuf,
}
