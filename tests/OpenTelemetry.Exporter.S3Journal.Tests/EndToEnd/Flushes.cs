using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.EndToEnd;

/// <summary>Flushes and the end of a provider, with the journal that programs have.</summary>
public sealed class Flushes : IDisposable
{
    private const int Records = 100;
    private const int Threads = 4;
    private const int Most = 20_000;

    private readonly JournalHome _home = new();

    [Fact]
    public void AForceFlushThatDeliversHasDeliveredWhenItReturns()
    {
        using TelemetryHost host = Host(static options => options.ForceFlushDelivers = true);
        Record(host);

        Assert.True(host.LoggerProvider.ForceFlush());
        Assert.Equal(Enumerable.Range(0, Records), _home.ReadLogs().Select(static record => record.Number));
        Assert.True(host.TracerProvider.ForceFlush());
        Assert.Equal(Enumerable.Range(0, Records), _home.ReadSpans().Select(static record => record.Number));
        AssertSums(delivered: 2 * Records);

        host.Record(Records);
        Assert.True(host.TracerProvider.ForceFlush());
        Assert.Equal(Enumerable.Range(0, Records + 1), _home.ReadSpans().Select(static record => record.Number));
        AssertSums(delivered: 2 * (Records + 1));
    }

    [Fact]
    public void AForceFlushCommitsAlsoWhenNothingCanBeDelivered()
    {
        string unreachable = _home.MakeUnreachable();
        using TelemetryHost host = Host(options => (options.Destination, options.ShutdownTimeout) = (unreachable, TimeSpan.Zero));
        Record(host);

        Assert.True(host.LoggerProvider.ForceFlush((int)JournalHome.Limit.TotalMilliseconds));
        Assert.True(host.TracerProvider.ForceFlush((int)JournalHome.Limit.TotalMilliseconds));
        AssertSums(delivered: 0);
    }

    [Fact]
    public void AForceFlushThatDeliversIsNotWellWhenNothingCanBe()
    {
        string unreachable = _home.MakeUnreachable();
        using TelemetryHost host = Host(options => (options.Destination, options.ShutdownTimeout, options.ForceFlushDelivers) = (unreachable, TimeSpan.Zero, true));
        Record(host);

        Assert.False(host.LoggerProvider.ForceFlush(100));
        AssertSums(delivered: 0);
    }

    [Fact]
    public void WhatFourThreadsLoggedBeforeTheProviderIsDisposedIsDelivered()
    {
        using TelemetryHost host = Host(static _ => { });
        ILogger logger = host.Loggers.CreateLogger("Numbered");
        int[] logged = new int[Threads];
        using CountdownEvent begun = new(Threads);
        using ManualResetEventSlim disposed = new();
        ConcurrentQueue<Exception> thrown = new();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() => LogUntil(thread)))];
        Array.ForEach(threads, static thread => thread.Start());
        Assert.True(begun.Wait(JournalHome.Limit));
        int[] returned = [.. logged.Select((_, thread) => Volatile.Read(ref logged[thread]))];
        host.LoggerProvider.Dispose();
        disposed.Set();
        Array.ForEach(threads, static thread => thread.Join());
        host.Shutdown();

        Assert.Empty(thrown);
        ILookup<int, int> delivered = _home.ReadLogs().Select(static record => record.Number).ToLookup(static number => number % Threads, static number => number / Threads);
        for (int thread = 0; thread < Threads; thread++)
        {
            int[] numbers = [.. delivered[thread]];
            Assert.Equal(Enumerable.Range(0, numbers.Length), numbers);
            Assert.InRange(numbers.Length, returned[thread], logged[thread]);
        }

        void LogUntil(int thread)
        {
            try
            {
                // Until one is refused, of which the listeners hear.
                for (int i = 0; i < Most && !disposed.IsSet && _home.Failures.IsEmpty; i++)
                {
                    logger.LogInformation("{Number} is done", (i * Threads) + thread);
                    Volatile.Write(ref logged[thread], i + 1);
                    if (i == Records)
                    {
                        begun.Signal();
                    }
                }
            }
            catch (Exception exception)
            {
                thrown.Enqueue(exception);
            }
        }
    }

    public void Dispose() => _home.Dispose();

    private static void Record(TelemetryHost host)
    {
        for (int number = 0; number < Records; number++)
        {
            host.Record(number);
        }
    }

    private TelemetryHost Host(Action<S3JournalExporterOptions> configure) => TelemetryHost.Of(options =>
    {
        _home.Configure(options);
        configure(options);
    });

    /// <summary>Everything stored is delivered, or waits; nothing is dropped.</summary>
    private void AssertSums(long delivered)
    {
        JournalStats stats = Assert.Single(_home.Open);
        Assert.Equal(delivered, stats.Uploaded);
        Assert.Equal(stats.Enqueued, stats.Uploaded + stats.BacklogEntries);
        Assert.Equal(delivered == 0 ? 2 * Records : delivered, stats.Enqueued);
        Assert.Empty(stats.Dropped);
    }
}
