using Extensions.Logging.S3Journal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.S3Journal;
using Microsoft.Extensions.Logging.S3Journal.Health;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.Health;

/// <summary>The check looks at every journal of the process: none of another test must be open.</summary>
[CollectionDefinition(nameof(EveryJournalOfTheProcess), DisableParallelization = true)]
public sealed class EveryJournalOfTheProcess;

[Collection(nameof(EveryJournalOfTheProcess))]
public sealed class HealthCheckTests : IDisposable
{
    private readonly Place _place = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 10, 15, 0, TimeSpan.Zero));
    private readonly TaskCompletionSource _storeIsAway = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task AJournalWithoutTroubleIsHealthyAndTellsItsBacklog()
    {
        await using ServiceProvider services = Build();
        LoggerOf(services).LogInformation("x");

        HealthReportEntry entry = await CheckAsync(services);

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Null(entry.Description);
        Assert.Equal(_place.Local, Assert.Single(entry.Data).Key);
        Assert.Contains("backlog 1 entries", Assert.Single(entry.Data).Value.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProgramThatLogsNothingYetIsHealthy()
    {
        await using ServiceProvider services = new ServiceCollection().AddHealthChecks().AddS3Journal().Services.AddLogging().BuildServiceProvider();

        HealthReportEntry entry = await CheckAsync(services);

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Empty(entry.Data);
    }

    [Fact]
    public async Task ABacklogIsTroubleFromItsAgeOnAndNoLongerWhenItIsDelivered()
    {
        await File.WriteAllTextAsync(_place.Volume, "");
        await using ServiceProvider services = Build();
        LoggerOf(services).LogInformation("x");
        Task flushed = FlushAsync(services);
        await _storeIsAway.Task;

        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(services)).Status);
        _time.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(1));
        HealthReportEntry old = await CheckAsync(services);
        Assert.Equal(HealthStatus.Degraded, old.Status);
        Assert.Contains($"The oldest entry in {_place.Local} has waited 00:15:01", old.Description, StringComparison.Ordinal);
        File.Delete(_place.Volume);
        await DeliveredAsync(flushed);

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(services)).Status);
    }

    [Fact]
    public async Task TheAgesAreTheOptionsOfTheCheckOfThatName()
    {
        await File.WriteAllTextAsync(_place.Volume, "");
        await using ServiceProvider services = Build(static checks =>
        {
            checks.AddS3Journal("strict").AddS3Journal("lenient");
            checks.Services.Configure<S3JournalHealthCheckOptions>("strict", static options => options.MaxBacklogAge = TimeSpan.FromMinutes(1));
        });
        LoggerOf(services).LogInformation("x");
        _ = FlushAsync(services);
        await _storeIsAway.Task;
        _time.Advance(TimeSpan.FromMinutes(2));

        HealthReport report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Degraded, report.Entries["strict"].Status);
        Assert.Equal(HealthStatus.Healthy, report.Entries["lenient"].Status);
        Assert.Equal(TimeSpan.FromMinutes(15), services.GetRequiredService<IOptionsMonitor<S3JournalHealthCheckOptions>>().Get("lenient").MaxBacklogAge);
    }

    [Fact]
    public async Task ALogThatCannotGrowIsTrouble()
    {
        await using ServiceProvider services = Build(configure: static options => options.MinFreeDiskBytes = long.MaxValue / 2, time: TimeProvider.System);
        LoggerOf(services).LogInformation("x");
        await Assert.ThrowsAsync<JournalException>(() => FlushAsync(services));

        HealthReportEntry entry = await CheckAsync(services);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.StartsWith($"The journal in {_place.Local} takes no entries over to the disk: ", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void LostEntriesAreTroubleForFiveMinutes()
    {
        JournalStats stats = new()
        {
            Enqueued = 5,
            Uploaded = 5,
            Queue = new JournalQueueStats(0, 0, 0, 0, 0, 0),
            Dropped = new Dictionary<DropCause, long> { [DropCause.DiskFull] = 3, [DropCause.GivenUp] = 1 },
            SinceLastLoss = TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1),
            Stalled = null,
            DamagedBytes = 0,
            Redated = 0,
            BacklogEntries = 0,
            BacklogBytes = 0,
            DiskBytes = 0,
            OldestUndeliveredAge = TimeSpan.Zero,
            LongestAppendWait = TimeSpan.Zero,
            LastError = null,
            LocalDirectory = "/var/lib/shop",
            Lane = 0,
        };

        Assert.Equal("Entries were lost in /var/lib/shop 300 s ago: DiskFull 3, GivenUp 1.", Assert.Single(S3JournalHealthCheck.TroublesOf(stats, new S3JournalHealthCheckOptions())));
        Assert.Empty(S3JournalHealthCheck.TroublesOf(stats with { SinceLastLoss = TimeSpan.FromMinutes(5) }, new S3JournalHealthCheckOptions()));
        Assert.Empty(S3JournalHealthCheck.TroublesOf(stats with { SinceLastLoss = null }, new S3JournalHealthCheckOptions()));
    }

    [Fact]
    public async Task AJournalThatCannotBeOpenedIsTroubleAndWhatItMissedIsForFiveMinutes()
    {
        await File.WriteAllTextAsync(_place.Local, "");
        await using ServiceProvider services = Build();
        ILogger logger = LoggerOf(services);
        HealthReportEntry closed = await CheckAsync(services);
        Assert.Equal(HealthStatus.Degraded, closed.Status);
        Assert.StartsWith("The journal is not open. ", closed.Description, StringComparison.Ordinal);
        Assert.Empty(closed.Data);

        logger.LogInformation("refused");
        _time.Advance(TimeSpan.FromMinutes(1));
        File.Delete(_place.Local);
        logger.LogInformation("stored");
        HealthReportEntry open = await CheckAsync(services);
        Assert.Equal(HealthStatus.Degraded, open.Status);
        Assert.Equal("Entries were not stored 60 s ago; 1 in all.", open.Description);
        _time.Advance(TimeSpan.FromMinutes(4) + TimeSpan.FromSeconds(1));

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(services)).Status);
    }

    [Fact]
    public async Task TroubleIsUnhealthyOnlyWhereTheRegistrationSaysSo()
    {
        await using ServiceProvider services = Build(
            static checks => checks.AddS3Journal("deadly", HealthStatus.Unhealthy).AddS3Journal("usual"),
            static options => options.MinFreeDiskBytes = long.MaxValue / 2,
            TimeProvider.System);
        LoggerOf(services).LogInformation("x");
        await Assert.ThrowsAsync<JournalException>(() => FlushAsync(services));

        HealthReport report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["deadly"].Status);
        Assert.Equal(HealthStatus.Degraded, report.Entries["usual"].Status);
    }

    [Fact]
    public void NameTagsAndTimeoutArrive()
    {
        using ServiceProvider services = Build(static checks => checks.AddS3Journal().AddS3Journal("logs", HealthStatus.Unhealthy, ["ready", "slow"], TimeSpan.FromSeconds(3)));

        HealthCheckRegistration[] registrations = [.. services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations];

        Assert.Equal(["s3journal", "logs"], registrations.Select(static r => r.Name));
        Assert.Equal([HealthStatus.Degraded, HealthStatus.Unhealthy], registrations.Select(static r => r.FailureStatus));
        Assert.Empty(registrations[0].Tags);
        Assert.Equal(["ready", "slow"], registrations[1].Tags.Order());
        Assert.Equal([Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(3)], registrations.Select(static r => r.Timeout));
    }

    public void Dispose() => _place.Dispose();

    private static ILogger LoggerOf(ServiceProvider services) => services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders");

    private static async Task<HealthReportEntry> CheckAsync(ServiceProvider services)
        => (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["s3journal"];

    private static Task<FlushResult> FlushAsync(ServiceProvider services) => services.GetRequiredService<Journal>().FlushAsync();

    /// <summary>The journal tries again by its own clock.</summary>
    private async Task DeliveredAsync(Task flushed)
    {
        while (!flushed.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await flushed;
    }

    private ServiceProvider Build(Action<IHealthChecksBuilder>? checks = null, Action<JournalOptions>? configure = null, TimeProvider? time = null)
    {
        ServiceCollection services = new();
        (checks ?? (static builder => builder.AddS3Journal()))(services.AddHealthChecks());
        services.AddS3Journal(options =>
        {
            _place.Configure(options);
            options.ShutdownTimeout = TimeSpan.Zero;
            options.UseTimeProvider(time ?? _time);
            options.OnFailure(_ => _storeIsAway.TrySetResult());
            configure?.Invoke(options);
        });
        return services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None).AddS3Journal(options =>
        {
            options.Stream = "web";
            options.ReportToStandardError = false;
            options.UseTimeProvider(time ?? _time);
        })).BuildServiceProvider();
    }
}
