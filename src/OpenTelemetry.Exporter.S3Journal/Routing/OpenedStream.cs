using OpenTelemetry.Exporter.S3Journal.Otlp;

namespace OpenTelemetry.Exporter.S3Journal.Routing;

/// <summary>A signal's stream that is open, and how much of a record is written for it.</summary>
/// <param name="Stream">Where entries go.</param>
/// <param name="Limits">With the stream's own largest entry: of a record that is larger no more is encoded than is needed to see it.</param>
internal sealed record OpenedStream(IEventStream Stream, OtlpLimits Limits);
