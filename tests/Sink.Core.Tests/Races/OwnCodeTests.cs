using System.Diagnostics;
using Sink.Core.Tests.Compressing;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Races;

/// <summary>The application's own code on the journal's threads logs into the same journal while the ring is full and the store is down.</summary>
public sealed class OwnCodeTests
{
    private static readonly TimeSpan _atOnce = TimeSpan.FromSeconds(10);

    private readonly JournalBench _bench = new();

    [Theory]
    [InlineData(WhenFull.DropNewest)]
    [InlineData(WhenFull.DropOldest)]
    [InlineData(WhenFull.Block)]
    public async Task AListenerACompressorAndAStoresClientThatLogNeverWaitForThemselves(WhenFull policy)
    {
        using StuckDisk disk = new(_bench);
        using ManualResetEventSlim full = new();
        Journal? journal = null;
        List<(string Who, AppendResult Result, TimeSpan Time)> logged = [];
        _bench.Store.OnPut = (_, _) =>
        {
            Log("client");
            throw new IOException("the store is down");
        };
        journal = _bench.Open(o =>
        {
            o.WhenFull = policy;
            o.MaxBlockTime = TimeSpan.FromMinutes(10);
            o.StallAfter = TimeSpan.FromMinutes(1);
            o.MaxObjectAge = TimeSpan.FromMilliseconds(10);
            o.OnFailure(_ => Log("listener"));
            o.UseCompressor(() => new OwnCompressor { BeforeFrame = _ => Log("compressor") });
        });
        await journal.GetStream("orders").AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(0)).WaitAsync(JournalBench.Generous);
        disk.IsStuck = true;
        JournalBench.Append(journal, 1);
        disk.WaitUntilHung();
        Task<List<AppendResult>> appender = StuckDisk.FillRing(journal.GetStream("orders"), 20);
        Sink.Core.Log.JournalLog log = StuckDisk.HostOf(_bench).Lane.Log;
        JournalBench.Until(() => log.Head - log.Durable > 58_000);
        full.Set();

        // The packer's own code first, then the delivery's, and of the put that failed the listener hears.
        JournalBench.Until(() =>
        {
            lock (logged)
            {
                return logged.Select(l => l.Who).Distinct().Count() == 3;
            }
        });
        Assert.False(appender.IsCompleted);
        disk.Release();
        int stored = 2 + (await appender.WaitAsync(JournalBench.Generous)).Count(r => r == AppendResult.Stored);
        _bench.Store.ComeBack();
        await JournalBench.FlushWhenItCan(journal);
        journal.Dispose();
        (string Who, AppendResult Result, TimeSpan Time)[] all;
        lock (logged)
        {
            all = [.. logged];
        }

        Assert.All(all, l => Assert.True(l.Time < _atOnce, $"{l.Who} waited {l.Time}"));
        Assert.All(all.DistinctBy(l => l.Who), l => Assert.Equal(AppendResult.Dropped, l.Result));
        Assert.All(all.Where(l => l.Who == "client"), l => Assert.Equal(AppendResult.Dropped, l.Result));
        JournalStats stats = journal.GetStats();
        Assert.Equal(stored + all.Count(l => l.Result == AppendResult.Stored), stats.Enqueued);
        Assert.Equal(all.Count(l => l.Result == AppendResult.Dropped), stats.Dropped[DropCause.Suppressed] + stats.Dropped[DropCause.Stalled]);
        Assert.Equal(stats.Enqueued, stats.Uploaded + stats.BacklogEntries);

        void Log(string who)
        {
            Assert.True(full.Wait(JournalBench.Generous));
            Stopwatch watch = Stopwatch.StartNew();
            AppendResult result = JournalBench.Append(journal!, 5000, length: 7000);
            lock (logged)
            {
                logged.Add((who, result, watch.Elapsed));
            }
        }
    }

    [Theory]
    [InlineData("append")]
    [InlineData("flush")]
    [InlineData("dispose")]
    public async Task ACallbackMayUseTheJournal(string what)
    {
        using ManualResetEventSlim done = new();
        Journal? journal = null;
        int called = 0;
        journal = _bench.Open(o => o.OnObjectDelivered(_ =>
        {
            if (Interlocked.Increment(ref called) > 1)
            {
                return;
            }

            if (what == "dispose")
            {
                journal!.Dispose();
            }
            else
            {
                Assert.Equal(AppendResult.Stored, JournalBench.Append(journal!, 2));
            }

            if (what == "flush")
            {
                // Not what it delivered: of the object that is told of the count may come a moment later.
                Assert.Equal(0, journal!.FlushAsync().WaitAsync(JournalBench.Generous).GetAwaiter().GetResult().Waiting);
            }

            done.Set();
        }));
        JournalBench.Append(journal, 1);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.True(done.Wait(JournalBench.Generous));
        journal.Dispose();
        Assert.Equal(what == "dispose" ? 1 : 2, _bench.Store.Entries.Count);
        Assert.DoesNotContain(_bench.Failures, f => f.Message.Contains("callback"));
    }
}
