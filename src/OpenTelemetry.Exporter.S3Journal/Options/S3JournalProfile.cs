namespace OpenTelemetry.Exporter;

/// <summary>For which reader objects are made.</summary>
public enum S3JournalProfile
{
    /// <summary>OTLP's file format: <c>.jsonl</c>, a LogsData or TracesData document a line. Read by query engines, and by the Collector's <c>otlpjsonfilereceiver</c>.</summary>
    File,

    /// <summary>
    /// The layout and names that the Collector's <c>awss3receiver</c> looks for: below the stream's name <c>year=2026/month=11/day=22/hour=10/minute=15/</c> in UTC,
    /// names that begin with <c>logs_</c> or <c>traces_</c>, <c>.json</c> or <c>.binpb</c>, uncompressed or <c>.gz</c> or <c>.zst</c>.
    /// </summary>
    Collector,
}
