using System.Diagnostics;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>A span's status, as two of its tags have it.</summary>
internal struct TaggedStatus
{
    /// <summary>Null when there is none.</summary>
    public ActivityStatusCode? Code { get; set; }

    public string? Description { get; set; }
}
