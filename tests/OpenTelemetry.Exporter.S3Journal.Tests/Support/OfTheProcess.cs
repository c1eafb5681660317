namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>Tests that look at what the whole process has one of: the event source, standard error.</summary>
[CollectionDefinition(nameof(OfTheProcess), DisableParallelization = true)]
public sealed class OfTheProcess;
