namespace Sink.Core.Log;

/// <summary>The settings the log follows.</summary>
internal sealed record LogLimits
{
    public int MaxEntryBytes { get; init; } = 1024 * 1024;

    public TimeSpan MaxBatchLatency { get; init; } = TimeSpan.FromMilliseconds(200);

    public int MaxBatchSize { get; init; } = 10_000;

    public bool Fsync { get; init; } = true;

    public WhenFull WhenFull { get; init; }

    public TimeSpan MaxBlockTime { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(1);
}
