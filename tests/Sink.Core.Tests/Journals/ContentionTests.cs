using Sink.Core.Log;
using Sink.Core.Storage;

namespace Sink.Core.Tests.Journals;

/// <summary>Many threads at one journal.</summary>
public class ContentionTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task AThreadThatMayNotWaitForTheRingStillWaitsForItsTurn()
    {
        // Without a block time, another appender inside is no reason to drop.
        using Journal journal = _bench.Open(o =>
        {
            o.RingBytes = 16 << 20;
            o.WhenFull = WhenFull.Block;
            o.MaxBlockTime = TimeSpan.Zero;
        });
        JournalStream stream = journal.GetStream("orders");
        using Barrier start = new(4);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                byte[] entry = JournalBench.Entry(1);
                DateTimeOffset now = DateTimeOffset.UtcNow;
                start.SignalAndWait();
                for (int i = 0; i < 20_000; i++)
                {
                    stream.Append(now, entry);
                }
            },
            TaskCreationOptions.LongRunning)));
        Assert.Empty(journal.GetStats().Dropped);
        Assert.Equal(80_000, journal.GetStats().Enqueued);
    }

    [Fact]
    public void AnInterruptWhileTheCommitterIsWokenStoresTheEntryOnce()
    {
        using Journal journal = _bench.Open();
        JournalLog log = JournalRegistry.All().Single(core => core.Settings.LocalDirectory.Path == _bench.Options().LocalDirectory).Host.Lane.Log;
        Action<bool> wake = log.Wake;
        object gate = new();
        using ManualResetEventSlim inside = new();
        log.Wake = urgent =>
        {
            inside.Set();
            lock (gate)
            {
                wake(urgent);
            }
        };
        AppendResult result = AppendResult.Closed;
        bool kept = false;
        Thread caller = new(() =>
        {
            result = JournalBench.Append(journal, 1);
            try
            {
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                kept = true;
            }
        });
        lock (gate)
        {
            caller.Start();
            Assert.True(inside.Wait(JournalBench.Generous));
            caller.Interrupt();
        }

        Assert.True(caller.Join(JournalBench.Generous));
        Assert.Equal(AppendResult.Stored, result);
        Assert.True(kept);
        Assert.Equal(1, journal.GetStats().Enqueued);
    }

    [Fact]
    public void AnEntryThatComesWhileACommitRunsIsCommittedWithinALatencyAfterIt()
    {
        using ManualResetEventSlim hung = new();
        using ManualResetEventSlim release = new();
        using Journal journal = _bench.Open();
        JournalLog log = JournalRegistry.All().Single(core => core.Settings.LocalDirectory.Path == _bench.Options().LocalDirectory).Host.Lane.Log;
        _bench.BeforeCall = call =>
        {
            if (call.Site == SyncSite.Commit)
            {
                hung.Set();
                release.Wait(JournalBench.Generous);
            }
        };
        JournalBench.Append(journal, 1);
        Assert.True(hung.Wait(JournalBench.Generous));
        JournalBench.Append(journal, 2);
        release.Set();

        // Nothing else is appended that could wake the committer.
        JournalBench.Until(() => log.Durable == log.Head);
        for (int i = 0; i < 200; i++)
        {
            JournalBench.Append(journal, i);
            JournalBench.Until(() => log.Durable == log.Head);
        }
    }

    [Fact]
    public async Task StatisticsCanBeReadByAnyoneAtAnyTime()
    {
        using Journal journal = _bench.Open(o => o.MaxObjectAge = TimeSpan.FromMilliseconds(10));
        using CancellationTokenSource stop = new();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    JournalStats stats = journal.GetStats();
                    Assert.InRange(stats.OldestUndeliveredAge, TimeSpan.Zero, TimeSpan.FromMinutes(5));
                    Assert.True(stats.BacklogEntries >= 0 && stats.BacklogBytes >= 0);
                }
            },
            TaskCreationOptions.LongRunning))];
        for (int i = 0; i < 50; i++)
        {
            JournalBench.Append(journal, i, $"s/{i % 5}");
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        stop.Cancel();
        await Task.WhenAll(readers).WaitAsync(JournalBench.Generous);
        journal.Dispose();
        Assert.Equal(50, journal.GetStats().Uploaded);
        Assert.Equal(0, journal.GetStats().BacklogEntries);
    }
}
