namespace OpenTelemetry.Exporter;

/// <summary>The steps in which the Collector's <c>awss3receiver</c> walks through time: its <c>s3_partition</c>.</summary>
public enum CollectorPartition
{
    /// <summary>A directory for each minute, the receiver's own default.</summary>
    Minute,

    /// <summary>A directory for each hour.</summary>
    Hour,
}
