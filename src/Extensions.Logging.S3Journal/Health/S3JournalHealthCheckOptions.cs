namespace Microsoft.Extensions.Logging.S3Journal;

/// <summary>When a journal is called degraded. Named after the health check: <c>services.Configure&lt;S3JournalHealthCheckOptions&gt;("s3journal", ...)</c>.</summary>
public sealed class S3JournalHealthCheckOptions
{
    /// <summary>The age from which the oldest entry that is not delivered is one too old. Default 15 min; keep it above <c>MaxObjectAge</c>.</summary>
    public TimeSpan MaxBacklogAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a lost entry is remembered. Default 5 min.</summary>
    public TimeSpan DropMemory { get; set; } = TimeSpan.FromMinutes(5);
}
