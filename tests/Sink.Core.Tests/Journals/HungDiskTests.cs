using System.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Tests.Journals;

/// <summary>A sync that does not return: no error, no progress.</summary>
public class HungDiskTests
{
    private readonly JournalBench _bench = new();
    private readonly ManualResetEventSlim _hung = new();
    private readonly ManualResetEventSlim _release = new();

    [Fact]
    public void AnAppenderWaitsNoLongerThanTheStallTime()
    {
        using Journal journal = Hang();
        Stopwatch watch = Stopwatch.StartNew();
        int n = 1;
        while (JournalBench.Append(journal, n, length: 4000) == AppendResult.Stored)
        {
            n++;
        }

        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(190), TimeSpan.FromSeconds(5));
        Assert.Equal(1, journal.GetStats().Dropped[DropCause.Stalled]);
        Assert.True(journal.GetStats().LongestAppendWait >= TimeSpan.FromMilliseconds(190));
        Assert.Equal(n, journal.GetStats().Enqueued);
        _release.Set();
    }

    [Fact]
    public void ClosingIsBoundedAndTheLockIsFreeOnlyWhenTheHungThreadHasEnded()
    {
        Journal journal = Hang();
        JournalBench.Append(journal, 1);
        Stopwatch watch = Stopwatch.StartNew();
        journal.Dispose();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
        Assert.Equal(2, _bench.WaitForFailure(f => f.Kind == JournalFailureKind.Final).Entries);
        Assert.Equal(AppendResult.Closed, JournalBench.Append(journal, 2));

        // Its lane is not free: a second writer beside the hung one would be the end of both.
        using (Journal beside = _bench.Open(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5)))
        {
            Assert.Equal(1, beside.GetStats().Lane);
        }

        _release.Set();
        JournalBench.Until(() =>
        {
            using Journal again = _bench.Open();
            return again.GetStats().Lane == 0;
        });
        using Journal next = _bench.Open();
        JournalBench.Until(() => _bench.Store.Entries.Count == 2);
        Assert.Equal(["{\"n\":0}", "{\"n\":1}"], _bench.Store.Entries);
    }

    /// <summary>A journal whose first commit hangs, with entry 0 in it.</summary>
    private Journal Hang()
    {
        Journal journal = _bench.Open(o =>
        {
            o.StallAfter = TimeSpan.FromMilliseconds(200);
            o.ShutdownTimeout = TimeSpan.FromMilliseconds(300);
        });
        _bench.BeforeCall = call =>
        {
            if (call.Site == SyncSite.Commit && !_release.IsSet)
            {
                _hung.Set();
                _release.Wait(JournalBench.Generous);
            }
        };
        JournalBench.Append(journal, 0);
        Assert.True(_hung.Wait(JournalBench.Generous));
        return journal;
    }
}
