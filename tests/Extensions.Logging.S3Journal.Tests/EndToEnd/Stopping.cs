using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.S3Journal;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.EndToEnd;

/// <summary>The ends of a program: what was logged until then is delivered, or waits for the next start.</summary>
public sealed class Stopping : IDisposable
{
    private readonly TestHome _home = new();

    [Fact]
    public async Task AHostThatIsStoppedAndNeverDisposedHasDeliveredEverything()
    {
        IHost host = _home.NewHost(_ => { }).Build();
        await host.StartAsync();
        LoggerOf(host).LogInformation("one");
        LoggerOf(host).LogInformation("two");

        await host.StopAsync();

        Assert.Equal(["one", "two"], await _home.ReadTemplatesAsync());
        host.Dispose();
        Assert.Equal(["one", "two"], await _home.ReadTemplatesAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatIsLoggedByServicesThatAreDisposedIsDeliveredTheLastLoggerIncluded(bool isAsync)
    {
        HostApplicationBuilder builder = _home.NewHost(_ => { });
        builder.Services.AddSingleton<First>();
        builder.Services.AddSingleton<Second>();
        IHost host = builder.Build();
        await host.StartAsync();

        // Made in this order, so disposed in the other.
        host.Services.GetRequiredService<First>();
        host.Services.GetRequiredService<Second>();
        await host.StopAsync();
        if (isAsync)
        {
            await ((IAsyncDisposable)host).DisposeAsync();
        }
        else
        {
            host.Dispose();
        }

        Assert.Equal(["the second ends", "the first ends"], await _home.ReadTemplatesAsync());
        Assert.Empty(_home.Open);
    }

    [Fact]
    public async Task WithAStoreThatIsAwayTheStopEndsWithTheHostsTimeAndTheNextStartDelivers()
    {
        TaskCompletionSource away = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await File.WriteAllTextAsync(_home.Store, "A file where the store's directory should be.");
        using (IHost host = Build(() => away.TrySetResult()))
        {
            await host.StartAsync();
            LoggerOf(host).LogInformation("one");
            await away.Task.WaitAsync(TestHome.Limit);
            using CancellationTokenSource hostsTime = new();

            Task stop = host.StopAsync(hostsTime.Token);
            await hostsTime.CancelAsync();
            await stop.WaitAsync(TestHome.Limit);
        }

        File.Delete(_home.Store);
        using (IHost host = Build(() => { }))
        {
            await host.StartAsync();
            LoggerOf(host).LogInformation("two");
            await host.StopAsync();
        }

        Assert.Equal(["one", "two"], await _home.ReadTemplatesAsync());
        Assert.Equal(["0"], _home.Lanes);

        IHost Build(Action onFailure)
        {
            HostApplicationBuilder builder = _home.NewHost(options =>
            {
                options.MaxObjectAge = TimeSpan.FromMilliseconds(10);
                options.ShutdownTimeout = TimeSpan.FromHours(1);
                options.OnFailure(_ => onFailure());
            });
            builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromHours(1));
            return builder.Build();
        }
    }

    [Fact]
    public async Task WithAStoreThatIsAwayTheStopEndsWithTheJournalsTimeToo()
    {
        await File.WriteAllTextAsync(_home.Store, "A file where the store's directory should be.");
        HostApplicationBuilder builder = _home.NewHost(static options => options.ShutdownTimeout = TimeSpan.Zero);
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromHours(1));
        using IHost host = builder.Build();
        await host.StartAsync();
        LoggerOf(host).LogInformation("one");

        await host.StopAsync().WaitAsync(TestHome.Limit);

        Assert.Equal(1, Assert.Single(_home.Open).BacklogEntries);
    }

    [Fact]
    public async Task AJournalThatIsPassedInIsFlushedAndNeverDisposed()
    {
        using Journal journal = Journal.Open(_home.Configure(new JournalOptions()));
        HostApplicationBuilder builder = TestHome.NewHost();
        builder.Logging.AddS3Journal(options => options.UseJournal(journal));
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            LoggerOf(host).LogInformation("one");
            await host.StopAsync();

            Assert.Equal(["one"], await _home.ReadTemplatesAsync());
        }

        Assert.Equal(AppendResult.Stored, journal.GetStream("direct").Append(DateTimeOffset.UtcNow, """{"@mt":"two"}"""u8));
        await journal.FlushAsync();
        Assert.Equal(["one", "two"], (await _home.ReadTemplatesAsync()).Order(StringComparer.Ordinal));
    }

    // Its own options were checked when it was opened; those beside it by nobody.
    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    public async Task BesideAJournalThatIsPassedInATimeThatNoTimerTakesDoesNotHinderTheStop(int days)
    {
        await using Journal journal = Journal.Open(_home.Configure(new JournalOptions()));
        HostApplicationBuilder builder = TestHome.NewHost();
        builder.Logging.AddS3Journal(options =>
        {
            options.UseJournal(journal);
            options.ShutdownTimeout = TimeSpan.FromDays(days);
        });
        using IHost host = builder.Build();
        await host.StartAsync();
        LoggerOf(host).LogInformation("one");

        await host.StopAsync();
    }

    [Fact]
    public async Task OfEntriesLoggedWhileTheProviderIsDisposedEachIsDeliveredOrCountedAsRefused()
    {
        const int Threads = 4;
        long calls = 0;
        S3JournalLoggerOptions options = _home.Configure(new S3JournalLoggerOptions());
        options.ShutdownTimeout = TestHome.Limit;
        S3JournalLoggerProvider provider = new(options);
        using CountdownEvent begun = new(Threads);
        using CancellationTokenSource end = new();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            ILogger logger = provider.CreateLogger($"Test{number}");
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                logger.LogInformation("one");
                Interlocked.Increment(ref calls);
                if (i == 0)
                {
                    begun.Signal();
                }
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        begun.Wait();

        await Task.WhenAll(Task.Run(provider.Dispose), Task.Run(async () => await provider.DisposeAsync()));
        await end.CancelAsync();
        Array.ForEach(threads, static thread => thread.Join());

        Assert.Empty(_home.Open);
        Assert.Equal(calls, provider.Failures.Refused + (await _home.ReadAsync()).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AJournalThatTheProviderOpenedIsClosedWithIt(bool isAsync)
    {
        S3JournalLoggerOptions options = _home.Configure(new S3JournalLoggerOptions());
        S3JournalLoggerProvider provider = new(options);
        ILogger logger = provider.CreateLogger("Test");
        logger.LogInformation("one");
        Assert.Single(_home.Open);

        if (isAsync)
        {
            await provider.DisposeAsync();
            await provider.DisposeAsync();
        }
        else
        {
            provider.Dispose();
            provider.Dispose();
        }

        logger.LogInformation("after the end");
        Assert.Empty(_home.Open);
        Assert.Equal(["one"], await _home.ReadTemplatesAsync());
    }

    [Fact]
    public async Task AFactoryWithoutAHostDeliversWhenItIsDisposed()
    {
        using (ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddS3Journal(options => _home.Configure(options))))
        {
            factory.CreateLogger("Test").LogInformation("one");
        }

        Assert.Equal(["one"], await _home.ReadTemplatesAsync());
    }

    [Fact]
    public async Task AJournalThatWasPassedInAndDisposedTooEarlyDoesNotHinderTheStop()
    {
        List<JournalFailure> failures = [];
        Journal journal = Journal.Open(_home.Configure(new JournalOptions()));
        HostApplicationBuilder builder = TestHome.NewHost();
        builder.Logging.AddS3Journal(options =>
        {
            options.UseJournal(journal);
            options.OnFailure(failures.Add);
        });
        using IHost host = builder.Build();
        await host.StartAsync();
        LoggerOf(host).LogInformation("one");
        await journal.DisposeAsync();
        LoggerOf(host).LogInformation("two");

        await host.StopAsync();

        Assert.Equal(["one"], await _home.ReadTemplatesAsync());
        Assert.Collection(
            failures,
            static refused => Assert.Contains("not stored", refused.Message, StringComparison.Ordinal),
            static atStop => Assert.Contains("The journal is closed", atStop.Message, StringComparison.Ordinal));
    }

    public void Dispose() => _home.Dispose();

    private static ILogger LoggerOf(IHost host) => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Test");

    private sealed class First(ILogger<First> logger) : IDisposable
    {
        public void Dispose() => logger.LogInformation("the first ends");
    }

    private sealed class Second(ILogger<Second> logger) : IDisposable
    {
        public void Dispose() => logger.LogInformation("the second ends");
    }
}
