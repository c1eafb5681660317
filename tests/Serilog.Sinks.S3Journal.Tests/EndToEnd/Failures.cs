using Microsoft.Extensions.Time.Testing;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.EndToEnd;

[Collection(nameof(OfTheProcess))]
public sealed class Failures : IDisposable
{
    private readonly TestHome _home = new();
    private readonly Collector _fallback = new();

    [Fact]
    public async Task EventsThatTheJournalRefusesGoToTheFallback()
    {
        Journal journal = Journal.Open(new JournalOptions { Destination = _home.Destination, LocalDirectory = _home.Local });
        await using Logger logger = new LoggerConfiguration()
            .WriteTo.FallbackChain(wt => wt.S3Journal(journal, "log"), wt => wt.Sink(_fallback))
            .CreateLogger();

        logger.Information("first");
        await journal.DisposeAsync();
        logger.Information("second");

        Assert.Equal(["first"], await _home.ReadTemplatesAsync());
        Assert.Equal("second", Assert.Single(_fallback.Events).MessageTemplate.Text);
    }

    [Fact]
    public async Task AStoreThatIsAwayIsToldToTheSelfLogAndNoEventGoesToTheFallback()
    {
        TaskCompletionSource<string> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SelfLog.Enable(line => told.TrySetResult(line));
        try
        {
            string store = new Uri(_home.WriteFile("file", "")).AbsoluteUri;
            await using Logger logger = new LoggerConfiguration()
                .WriteTo.FallbackChain(wt => wt.S3Journal(store, _home.Local, maxObjectAge: TimeSpan.FromMilliseconds(10)), wt => wt.Sink(_fallback))
                .CreateLogger();

            logger.Information("waits on disk");

            Assert.Contains("S3Journal: ", await told.Task.WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.Empty(_fallback.Events);
        }
        finally
        {
            SelfLog.Disable();
        }
    }

    [Fact]
    public async Task AnEventTooLargeIsDeliveredShortened()
    {
        await using (Logger logger = new LoggerConfiguration()
            .WriteTo.FallbackChain(wt => wt.S3Journal(_home.Destination, _home.Local, maxEntryBytes: 64 * 1024), wt => wt.Sink(_fallback))
            .CreateLogger())
        {
            logger.Information("{Big}", new string('x', 100_000));
        }

        Assert.Contains("\"truncated\":true", Assert.Single(await _home.ReadAsync()).Payload);
        Assert.Empty(_fallback.Events);
    }

    [Fact]
    public async Task ADirectoryThatCannotBeMadeDoesNotStopTheProgramAndIsTriedAgain()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        string blocker = _home.WriteFile("blocker", "");
        await using (Logger logger = new LoggerConfiguration()
            .WriteTo.FallbackChain(
                wt => wt.S3Journal(o =>
                {
                    o.Destination = _home.Destination;
                    o.LocalDirectory = Path.Combine(blocker, "local");
                    o.UseTimeProvider(time);
                }),
                wt => wt.Sink(_fallback))
            .CreateLogger())
        {
            logger.Information("first");
            File.Delete(blocker);
            time.Advance(TimeSpan.FromSeconds(1));
            logger.Information("second");
        }

        Assert.Equal("first", Assert.Single(_fallback.Events).MessageTemplate.Text);
        Assert.Equal(["second"], await _home.ReadTemplatesAsync());
    }

    public void Dispose() => _home.Dispose();
}
