using Integration.Tests.Server;
using Integration.Tests.Support;
using S3Journal.Proofs;
using Sink.Core;

namespace Integration.Tests.Load;

/// <summary>The store is unreachable for three quarters of a sustained load, on a real disk with each commit synced.</summary>
[Collection(nameof(Alone))]
public sealed class Outage(S3Servers servers) : IDisposable
{
    private const int Writers = 4;
    private const int TicksPerSecond = 10;
    private const int InTick = 100;
    private const int FillBytes = 100;

    /// <summary>What the backlog may add to the heap: names of sealed objects, and noise.</summary>
    private const long HeapNoise = 8L << 20;

    private readonly TestDirectory _local = new(onDisk: true);
    private readonly Watched<JournalFailure> _failures = new();
    private long _mostDisk;
    private long _mostBacklog;

    public void Dispose() => _local.Dispose();

    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public async Task TheHeapStaysFlatTheDiskBoundedAndTheBacklogIsDelivered()
    {
        int ticks = (int)LongForm.Count(60, 600) * TicksPerSecond;
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        using S3Proxy proxy = new((await servers.SharedAsync()).Endpoint, static _ => RequestFate.Passed);
        JournalOptions options = Options(bucket, proxy, LongForm.Count(56, 320) << 20);
        List<long> heap = [];
        long backlog;
        await using (Journal journal = Journal.Open(options))
        {
            proxy.Refuse();
            heap = await RunAsync(journal, ticks, options, tick =>
            {
                if (tick == ticks / 4 * 3)
                {
                    proxy.Listen();
                }
            });
            backlog = _mostBacklog;
            Assert.Equal(0, (await journal.FlushAsync(Limit.Token())).Waiting);
            JournalStats stats = journal.GetStats();
            Assert.Equal(ticks * InTick * Writers, stats.Uploaded);
            Assert.Empty(stats.Dropped);
        }

        List<BucketObject> objects = await bucket.ReadAsync();
        Traffic.AssertExactlyOnce(objects, Writers, ticks * InTick);
        Assert.Contains("cannot be reached", Assert.Single(_failures.Items).Message, StringComparison.Ordinal);

        // Between the first quarter, all of it already without a store, and any later.
        long grown = heap.Max() - heap[0];
        Figures.Report(
            "store down, then up, under load",
            ("seconds", ticks / TicksPerSecond),
            ("entries", ticks * InTick * Writers),
            ("entries waiting at most", backlog),
            ("objects", objects.Count),
            ("MaxDiskBytes", options.MaxDiskBytes),
            ("disk at most", _mostDisk),
            ("heap after the first quarter", heap[0]),
            ("heap grown by", grown));
        Assert.InRange(grown, long.MinValue, HeapNoise);
        Assert.InRange(backlog, ticks * InTick * Writers / 2, int.MaxValue);
    }

    // A tiny object takes two blocks and is counted with them; the limit is the disk's and not that of the bytes written.
    [Theory]
    [InlineData(WhenFull.DropNewest, 2, 1000)]
    [InlineData(WhenFull.DropOldest, 2, 1000)]
    [InlineData(WhenFull.DropNewest, 500, 50)]
    [InlineData(WhenFull.DropOldest, 500, 50)]
    public async Task AtMaxDiskBytesTheSumsAddUpAndTheDiskIsNotExceeded(WhenFull policy, int streams, int fillBytes)
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        using S3Proxy proxy = new((await servers.SharedAsync()).Endpoint, static _ => RequestFate.Passed);
        JournalOptions options = Options(bucket, proxy, 28 << 20);
        options.WhenFull = policy;
        options.RingBytes = 1 << 20;
        options.MaxEntryBytes = 64 << 10;
        options.SegmentBytes = 1 << 20;
        options.MaxObjectBytes = 256 << 10;
        options.MaxObjectAge = TimeSpan.FromMilliseconds(10);
        int received = 0;
        JournalStats stats;
        await using (Journal journal = Journal.Open(options))
        {
            proxy.Refuse();
            received = Fill(journal, policy, streams, fillBytes, options);
            proxy.Listen();
            await FlushWhenItCanAsync(journal);
            stats = journal.GetStats();
        }

        long lost = stats.Dropped.Values.Sum();
        Assert.Equal(received, stats.Uploaded + lost);
        Assert.True(lost > 0, "It was never full.");
        Assert.Equal(policy == WhenFull.DropOldest, stats.Dropped.ContainsKey(DropCause.GivenUp));
        List<BucketObject> objects = await bucket.ReadAsync();
        Traffic.AssertInOrder(objects, stats.Uploaded);
        Figures.Report($"full, {policy}, {streams} streams", ("received", received), ("delivered", stats.Uploaded), ("dropped", lost), ("objects", objects.Count), ("MaxDiskBytes", options.MaxDiskBytes), ("disk at most", _mostDisk));
        Assert.InRange(_mostDisk, 0, options.MaxDiskBytes);
    }

    private JournalOptions Options(Bucket bucket, S3Proxy proxy, long maxDiskBytes)
    {
        JournalOptions options = bucket.Options(_local, proxy.Endpoint);
        options.MaxDiskBytes = maxDiskBytes;
        options.MinFreeDiskBytes = 0;
        options.RingBytes = 4 << 20;
        options.MaxEntryBytes = 256 << 10;
        options.SegmentBytes = 4 << 20;
        options.MaxObjectBytes = 1 << 20;
        options.MaxObjectAge = TimeSpan.FromSeconds(1);
        options.OnFailure(_failures.Add);
        return options;
    }

    /// <summary>All writers append at each tick. Returns the heap at each quarter's end.</summary>
    private async Task<List<long>> RunAsync(Journal journal, int ticks, JournalOptions options, Action<int> before)
    {
        List<long> heap = [];
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        for (int tick = 0; tick < ticks; tick++)
        {
            before(tick);
            for (int writer = 0; writer < Writers; writer++)
            {
                Traffic.Append(journal.GetStream($"s/{writer}"), writer, tick * InTick, InTick, FillBytes);
            }

            if (tick % TicksPerSecond == 0)
            {
                Look(journal, options);
            }

            if ((tick + 1) % (ticks / 4) == 0)
            {
                heap.Add(GC.GetTotalMemory(forceFullCollection: true));
            }

            await timer.WaitForNextTickAsync();
        }

        return heap;
    }

    /// <summary>As long as the log has no room a flush ends with an error; a delivery makes some.</summary>
    private static async Task FlushWhenItCanAsync(Journal journal)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        CancellationToken limit = Limit.Token();
        while (await timer.WaitForNextTickAsync(limit))
        {
            try
            {
                Assert.Equal(0, (await journal.FlushAsync(limit)).Waiting);
                return;
            }
            catch (JournalException) when (!limit.IsCancellationRequested)
            {
                // Once more: it is what the test waits for.
            }
        }
    }

    private void Look(Journal journal, JournalOptions options)
    {
        long disk = DiskUse.Of(_local.Path);
        _mostDisk = Math.Max(_mostDisk, disk);
        _mostBacklog = Math.Max(_mostBacklog, journal.GetStats().BacklogEntries);
        Assert.True(disk <= options.MaxDiskBytes, $"{disk} bytes on disk, of which {journal.GetStats().DiskBytes} are known, are more than {options.MaxDiskBytes}.");
    }

    /// <summary>Until a good share was dropped. Returns how many entries were offered.</summary>
    private int Fill(Journal journal, WhenFull policy, int streams, int fillBytes, JournalOptions options)
    {
        DropCause cause = policy == WhenFull.DropOldest ? DropCause.GivenUp : DropCause.DiskFull;
        JournalStream[] all = [.. Enumerable.Range(0, streams).Select(i => journal.GetStream($"s/{i}"))];
        int n = 0;
        while (journal.GetStats().Dropped.GetValueOrDefault(cause) < 2_000)
        {
            for (int i = 0; i < 500; i++, n++)
            {
                _ = Traffic.Offer(all[n % streams], writer: 0, n, fillBytes);
            }

            Look(journal, options);
        }

        return n;
    }
}
