using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.S3Journal;
using Microsoft.Extensions.Logging.S3Journal.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the journal's health check.</summary>
public static class S3JournalHealthChecksBuilderExtensions
{
    private const string DefaultName = "s3journal";

    /// <summary>
    /// Reports trouble while the oldest undelivered entry is older than <see cref="S3JournalHealthCheckOptions.MaxBacklogAge"/> (15 min), nothing can be committed, a journal cannot be
    /// opened, or entries were lost in the last 5 minutes.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks</c> returns.</param>
    /// <param name="name">The check's name; null is <c>s3journal</c>.</param>
    /// <param name="failureStatus">How trouble is called; null is <see cref="HealthStatus.Degraded"/>, for a restart would not mend it.</param>
    /// <param name="tags">To choose checks by.</param>
    /// <param name="timeout">The longest that the check may take; it does no I/O.</param>
    public static IHealthChecksBuilder AddS3Journal(this IHealthChecksBuilder builder, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name ?? DefaultName,
            static services => ActivatorUtilities.GetServiceOrCreateInstance<S3JournalHealthCheck>(services),
            failureStatus ?? HealthStatus.Degraded,
            tags,
            timeout));
    }
}
