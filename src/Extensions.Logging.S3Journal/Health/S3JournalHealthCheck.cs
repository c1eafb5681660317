using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal.Health;

/// <summary>
/// Looks at every open journal of the process, and at providers that could not open theirs. A backlog is what a journal is for, so trouble is <see cref="HealthStatus.Degraded"/>, and a
/// restart would not mend it; it is <see cref="HealthStatus.Unhealthy"/> only where the registration says so.
/// </summary>
internal sealed class S3JournalHealthCheck(IOptionsMonitor<S3JournalHealthCheckOptions> options, IEnumerable<ILoggerProvider> providers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        S3JournalHealthCheckOptions limits = options.Get(context.Registration.Name);
        List<string> troubles = [.. providers.OfType<S3JournalLoggerProvider>().SelectMany(provider => TroublesOf(provider, limits))];
        Dictionary<string, object> data = [];
        foreach (JournalStats stats in Journal.GetAllStats())
        {
            troubles.AddRange(TroublesOf(stats, limits));
            data[stats.LocalDirectory] = string.Create(CultureInfo.InvariantCulture, $"backlog {stats.BacklogEntries} entries, {stats.BacklogBytes} bytes, oldest {stats.OldestUndeliveredAge.TotalSeconds:F0} s; dropped {stats.Dropped.Values.Sum()}");
        }

        HealthCheckResult result = troubles.Count == 0
            ? HealthCheckResult.Healthy(data: data)
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join(" ", troubles), data: data);
        return Task.FromResult(result);
    }

    private static IEnumerable<string> TroublesOf(S3JournalLoggerProvider provider, S3JournalHealthCheckOptions limits)
    {
        if (provider.OpenTrouble is { } trouble)
        {
            yield return trouble;
        }

        if (provider.Failures.SinceLastRefusal is { } ago && ago < limits.DropMemory)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Entries were not stored {ago.TotalSeconds:F0} s ago; {provider.Failures.Refused} in all.");
        }
    }

    internal static IEnumerable<string> TroublesOf(JournalStats stats, S3JournalHealthCheckOptions limits)
    {
        if (stats.Stalled is { } cause)
        {
            yield return $"The journal in {stats.LocalDirectory} takes no entries over to the disk: {cause}";
        }

        if (stats.OldestUndeliveredAge > limits.MaxBacklogAge)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The oldest entry in {stats.LocalDirectory} has waited {stats.OldestUndeliveredAge:c} for its delivery. {stats.LastError}");
        }

        if (stats.SinceLastLoss is { } ago && ago < limits.DropMemory)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Entries were lost in {stats.LocalDirectory} {ago.TotalSeconds:F0} s ago: {string.Join(", ", stats.Dropped.Select(static pair => $"{pair.Key} {pair.Value}"))}.");
        }
    }
}
