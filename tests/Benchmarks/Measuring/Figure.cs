namespace Benchmarks.Measuring;

/// <summary>What one run of one side gave.</summary>
internal sealed record Figure
{
    /// <summary>In the pair's unit.</summary>
    public required double Value { get; init; }

    /// <summary>Bytes allocated on the calling thread, per operation; null when they were not counted.</summary>
    public double? Allocated { get; init; }

    /// <summary>CPU time of the calling threads, in nanoseconds per operation; null when it was not counted.</summary>
    public double? CpuNanoseconds { get; init; }

    /// <summary>How often data was made durable meanwhile, per second; null when that was not counted.</summary>
    public double? CommitsPerSecond { get; init; }
}
