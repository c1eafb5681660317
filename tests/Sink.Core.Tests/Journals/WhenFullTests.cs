using Sink.Core.Delivery;
using Sink.Core.Packing;

namespace Sink.Core.Tests.Journals;

public class WhenFullTests
{
    private const long Reserve = (16 << 20) + (4 << 10);

    private readonly JournalBench _bench = new();

    [Theory]
    [InlineData(WhenFull.DropNewest)]
    [InlineData(WhenFull.DropOldest)]
    [InlineData(WhenFull.Block)]
    public async Task TheSumsAddUpWhateverThePolicy(WhenFull policy)
    {
        _bench.Store.GoAway();
        long received = 0;
        using (Journal journal = Open(policy))
        {
            for (int i = 0; i < 600 || (policy == WhenFull.DropOldest && !journal.GetStats().Dropped.ContainsKey(DropCause.GivenUp)); i++)
            {
                received++;
                JournalBench.Append(journal, i, "orders/" + (i % 4), length: 2000);
            }

            // What is stored is delivered once space and store are back, or was given up.
            JournalBench.Until(() => journal.GetStats() is var s && received == s.Enqueued + Refused(s));
            _bench.Store.ComeBack();
            await JournalBench.FlushWhenItCan(journal);
            JournalStats stats = journal.GetStats();
            long givenUp = stats.Dropped.GetValueOrDefault(DropCause.GivenUp);
            Assert.Equal(received, stats.Uploaded + stats.BacklogEntries + Refused(stats) + givenUp);
            Assert.Equal(0, stats.BacklogEntries);
            Assert.Equal(stats.Uploaded, _bench.Store.Entries.Count);
            Assert.True(Refused(stats) + givenUp > 0, "the journal was never full");
            Assert.Equal(policy == WhenFull.DropOldest, givenUp > 0);

            // And every one of them stands in the metadata of some object.
            JournalBench.Append(journal, 600);
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            DroppedEntries said = _bench.Store.Objects.Select(o => o.Document.Dropped).Aggregate((a, b) => a + b);
            Assert.Equal(new DroppedEntries(Refused(stats), givenUp, 0), said);
        }

        Assert.Contains(_bench.Failures, f => f.Kind == JournalFailureKind.Temporary && f.Message.Contains("MaxDiskBytes"));
    }

    [Fact]
    public async Task TheOldestSealedObjectsGoAndALaterOneNamesThem()
    {
        HashSet<string> inFlight = [];
        TaskCompletionSource release = new();
        _bench.Store.OnPut = async (put, cancel) =>
        {
            lock (inFlight)
            {
                inFlight.Add(put.Key);
            }

            await release.Task.WaitAsync(cancel);
            return null;
        };
        using Journal journal = Open(WhenFull.DropOldest, o => o.MaxConcurrentUploads = 1);
        int n = 0;
        while (!journal.GetStats().Dropped.ContainsKey(DropCause.GivenUp))
        {
            JournalBench.Append(journal, n++, "orders/" + (n % 4), length: 2000);
        }

        release.SetResult();
        await JournalBench.FlushWhenItCan(journal);
        JournalBench.Append(journal, n, "orders/0");
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        // Ordinals that are missing are exactly those that were named; the one on its way was never one of them.
        ObjectMetadata[] documents = [.. _bench.Store.Objects.Select(o => o.Document).OrderBy(d => d.Ordinal)];
        HashSet<long> named = [.. documents.SelectMany(d => d.Drops).SelectMany(range => Enumerable.Range((int)range.From, (int)(range.To - range.From + 1))).Select(o => (long)o)];
        Assert.NotEmpty(named);
        Assert.Equal(Enumerable.Range(0, (int)documents[^1].Ordinal + 1).Select(o => (long)o), documents.Select(d => d.Ordinal).Concat(named).Order());
        Assert.Contains(_bench.Store.Objects, o => inFlight.First() == o.Key);
        Assert.Equal(journal.GetStats().Dropped[DropCause.GivenUp], documents.Sum(d => d.Dropped.GivenUp));
    }

    [Fact]
    public async Task ABlockedCallerGoesOnWhenTheStoreTakesObjectsAgain()
    {
        _bench.Store.GoAway();
        using Journal journal = Open(WhenFull.Block, o => o.MaxBlockTime = TimeSpan.FromMinutes(10));
        JournalStream stream = journal.GetStream("orders");
        using ManualResetEventSlim done = new();
        Thread caller = new(() =>
        {
            for (int i = 0; i < 600; i++)
            {
                if (stream.Append(DateTimeOffset.UtcNow, JournalBench.Entry(i, 2000)) != AppendResult.Stored)
                {
                    return;
                }
            }

            done.Set();
        });
        caller.Start();
        _bench.WaitForFailure(f => f.Message.Contains("MaxDiskBytes"));
        Assert.False(done.IsSet);
        _bench.Store.ComeBack();
        Assert.True(done.Wait(JournalBench.Generous), $"{journal.GetStats()} {string.Join(" | ", _bench.Failures)} away {_bench.Store.Puts}");
        caller.Join();
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(600, _bench.Store.Entries.Count);
        Assert.Empty(journal.GetStats().Dropped);
    }

    [Fact]
    public void ABlockedCallerIsLetGoAfterTheBlockTime()
    {
        using Journal journal = Open(WhenFull.Block, o => o.MaxBlockTime = TimeSpan.FromMilliseconds(100));
        _bench.Disk.CapacityBytes = 0;
        AppendResult last = AppendResult.Stored;
        Thread caller = new(() =>
        {
            for (int i = 0; i < 100 && last == AppendResult.Stored; i++)
            {
                last = JournalBench.Append(journal, i, length: 2000);
            }
        });
        caller.Start();
        Assert.True(caller.Join(JournalBench.Generous));
        Assert.Equal(AppendResult.Dropped, last);
        Assert.True(journal.GetStats().LongestAppendWait >= TimeSpan.FromMilliseconds(90));
        _bench.Disk.CapacityBytes = 1L << 40;
    }

    [Fact]
    public async Task AVolumeWithoutFreeSpaceStallsTheLogUntilThereIsSome()
    {
        using Journal journal = _bench.Open(o =>
        {
            o.MinFreeDiskBytes = 1 << 20;
            o.ShutdownTimeout = TimeSpan.Zero;
        });
        await journal.GetStream("orders").AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(0)).WaitAsync(JournalBench.Generous);
        JournalBench.Until(HasWholeBallast);
        _bench.Disk.CapacityBytes -= _bench.Disk.FreeBytes - 1000;
        JournalBench.Append(journal, 1);
        _bench.WaitForFailure(f => f.Kind == JournalFailureKind.Temporary && f.Message.Contains("MinFreeDiskBytes"));
        JournalBench.Until(() => JournalBench.Append(journal, 2) == AppendResult.Dropped);
        Assert.True(journal.GetStats().Dropped[DropCause.DiskFull] > 0);

        _bench.Disk.CapacityBytes = 1L << 40;
        JournalBench.Until(() => JournalBench.Append(journal, 3) == AppendResult.Stored);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(journal.GetStats().Enqueued, _bench.Store.Entries.Count);
    }

    [Fact]
    public async Task ADiskThatOthersFilledToTheLastByteStillLetsThePackerSealAndDeliver()
    {
        using Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5));
        JournalBench.Until(HasWholeBallast);
        for (int i = 0; i < 20; i++)
        {
            await journal.GetStream("orders").AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(i, 4000)).WaitAsync(JournalBench.Generous);
        }

        _bench.Disk.CapacityBytes -= _bench.Disk.FreeBytes;
        Assert.Equal(20, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);
        Assert.DoesNotContain(_bench.Disk.ListFiles(), f => f.EndsWith("ballast", StringComparison.Ordinal));

        // Back as soon as there is room for it.
        _bench.Disk.CapacityBytes = 1L << 40;
        JournalBench.Append(journal, 20);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        JournalBench.Until(HasWholeBallast);
    }

    [Fact]
    public void AJournalThatClosesWithABacklogLeavesItsBallastToTheNext()
    {
        _bench.Store.GoAway();
        using (Journal journal = _bench.Open(static o => o.ShutdownTimeout = TimeSpan.Zero))
        {
            JournalBench.Append(journal, 1);
            JournalBench.Until(() => _bench.Disk.ListFiles().Any(static f => f.EndsWith("ballast", StringComparison.Ordinal)));
        }

        Assert.Contains(_bench.Disk.ListFiles(), static f => f.EndsWith("ballast", StringComparison.Ordinal));
        _bench.Store.ComeBack();
        using (Journal next = _bench.Open())
        {
            // Opening gives the room to recovery, and packing may take it back; after an orderly end it is gone.
        }

        Assert.DoesNotContain(_bench.Disk.ListFiles(), static f => f.EndsWith("ballast", StringComparison.Ordinal));
    }

    [Fact]
    public void AClosedJournalLeavesNoBallast()
    {
        using (Journal journal = _bench.Open())
        {
            JournalBench.Append(journal, 1);
        }

        Assert.DoesNotContain(_bench.Disk.ListFiles(), f => f.EndsWith("ballast", StringComparison.Ordinal));
    }

    /// <summary>Room for about 250 KB beside the packer's reserve; objects of a few entries.</summary>
    private Journal Open(WhenFull policy, Action<JournalOptions>? change = null) => _bench.Open(o =>
    {
        o.WhenFull = policy;
        o.MaxObjectBytes = 4 << 10;
        o.MaxObjectAge = TimeSpan.FromMilliseconds(10);
        o.MaxBlockTime = TimeSpan.FromMilliseconds(1);
        o.SegmentBytes = 32 << 10;
        o.MaxDiskBytes = Reserve + (64 << 10) + (256 << 10);
        change?.Invoke(o);
    });

    private static long Refused(JournalStats stats) => stats.Dropped.GetValueOrDefault(DropCause.DiskFull) + stats.Dropped.GetValueOrDefault(DropCause.Stalled);

    private bool HasWholeBallast() =>
        _bench.Disk.ListFiles().FirstOrDefault(static file => file.EndsWith(Ballast.FileName, StringComparison.Ordinal)) is { } path && _bench.Disk.ReadFile(path).Length == Ballast.Bytes;
}
