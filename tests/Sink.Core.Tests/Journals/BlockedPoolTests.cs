using System.Diagnostics;

namespace Sink.Core.Tests.Journals;

/// <summary>Alone, since it blocks the pool of the whole process.</summary>
[Collection(typeof(ProcessWide))]
public class BlockedPoolTests
{
    [Fact]
    public void ABlockedPoolIsLetGoAfterTwoSecondsAndObjectsAreDeliveredMeanwhile()
    {
        JournalBench bench = new();
        bench.Store.GoAway();
        using Journal journal = bench.Open(o =>
        {
            o.WhenFull = WhenFull.Block;
            o.MaxObjectBytes = 4 << 10;
            o.MaxObjectAge = TimeSpan.FromMilliseconds(10);
            o.SegmentBytes = 32 << 10;
            o.MaxDiskBytes = (16 << 20) + (4 << 10) + (64 << 10) + (128 << 10);
        });
        while (JournalBench.Append(journal, 0, length: 4000) == AppendResult.Stored && !bench.Failures.Any(f => f.Message.Contains("MaxDiskBytes")))
        {
        }

        // More callers than the pool has threads, each willing to wait a minute.
        using CountdownEvent done = new(64);
        long longest = 0;
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < 64; i++)
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                long begun = watch.ElapsedMilliseconds;
                JournalBench.Append(journal, 1, length: 4000);
                long took = watch.ElapsedMilliseconds - begun;
                InterlockedMax(ref longest, took);
                done.Signal();
            });
        }

        bench.Store.ComeBack();
        JournalBench.Until(() => bench.Store.Objects.Count > 0);
        Assert.True(done.Wait(TimeSpan.FromMinutes(1)));
        Assert.InRange(longest, 0, 10_000);
    }

    private static void InterlockedMax(ref long target, long value)
    {
        long seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
