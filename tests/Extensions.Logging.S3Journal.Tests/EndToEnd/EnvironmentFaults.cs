using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.EndToEnd;

/// <summary>What is wrong with the machine does not keep the program from starting, and mends itself.</summary>
public sealed class EnvironmentFaults : IDisposable
{
    private readonly TestHome _home = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly ConcurrentQueue<JournalFailure> _failures = new();

    [Theory]
    [InlineData("local")]
    [InlineData("local/journal")]
    public async Task AFileInTheDirectorysPlaceIsReportedAndTheJournalOpensWhenItIsGone(string directory)
    {
        await File.WriteAllTextAsync(_home.Local, "A file where the directory should be.");
        using (IHost host = Build(Path.Join(_home.Root, directory)))
        {
            await StartAndLogInVain(host);
            File.Delete(_home.Local);
            await LogAgain(host);
        }

        Assert.Equal(["second", "third"], await _home.ReadTemplatesAsync());
    }

    public void Dispose() => _home.Dispose();

    private static ILogger LoggerOf(IHost host) => host.Services.GetRequiredService<ILogger<EnvironmentFaults>>();

    private static async Task<HealthReport> HealthOf(IHost host) => await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private IHost Build(string directory)
    {
        HostApplicationBuilder builder = _home.NewHost(options =>
        {
            options.LocalDirectory = directory;
            options.UseTimeProvider(_time);
            options.OnFailure(_failures.Enqueue);
        });
        builder.Services.AddHealthChecks().AddS3Journal();
        return builder.Build();
    }

    private async Task StartAndLogInVain(IHost host)
    {
        await host.StartAsync();
        JournalFailure atStart = Assert.Single(_failures);
        Assert.Equal(JournalFailureKind.Temporary, atStart.Kind);
        Assert.Contains("could not be opened", atStart.Message, StringComparison.Ordinal);
        Assert.NotNull(atStart.Exception);

        LoggerOf(host).LogInformation("first");
        Assert.Contains("Entries are not stored", _failures.Last().Message, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, (await HealthOf(host)).Status);
    }

    private async Task LogAgain(IHost host)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        LoggerOf(host).LogInformation("second");
        LoggerOf(host).LogInformation("third");

        Assert.Contains(_failures, static failure => failure.Message.Contains("1 were not", StringComparison.Ordinal));
        Assert.Equal(1, _failures.Sum(static failure => failure.Entries));
        Assert.DoesNotContain("is not open", (await HealthOf(host)).Entries["s3journal"].Description ?? "", StringComparison.Ordinal);
        await host.StopAsync();
    }
}
