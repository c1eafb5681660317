using Microsoft.Extensions.Time.Testing;
using Sink.Core.Diagnostics;
using Sink.Core.Lanes;
using Sink.Core.Options;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Journals;

public class GrowthTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task ManyStreamsCostSyncsByTheBytesPackedAndNotByTheirNumber()
    {
        using (Journal journal = _bench.Open(o =>
        {
            o.RingBytes = 2 << 20;
            o.MaxOpenObjects = 10_000;
        }))
        {
            for (int i = 0; i < 5000; i++)
            {
                Assert.Equal(AppendResult.Stored, JournalBench.Append(journal, i, $"users/{i}"));
            }

            JournalBench.Until(() => journal.GetStats().Queue.OpenObjects == 5000);
            Assert.InRange(_bench.Disk.Counts.SyncsOf(SyncSite.StagedObject), 0, 100);
            Assert.InRange(_bench.Disk.Counts.SyncsOf(SyncSite.Checkpoint), 0, 20);
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            Assert.Equal(5000, _bench.Store.Objects.Count);
            Assert.InRange(_bench.Disk.Counts.SyncsOf(SyncSite.Checkpoint), 2, 40);
        }
    }

    [Fact]
    public async Task BeyondMaxOpenObjectsTheLeastRecentlyUsedAreSealedInBatches()
    {
        using Journal journal = _bench.Open(o => o.MaxOpenObjects = 100);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(AppendResult.Stored, JournalBench.Append(journal, i, $"users/{i}"));
            Assert.Equal(AppendResult.Stored, JournalBench.Append(journal, i, "always"));
        }

        JournalBench.Until(() => journal.GetStats() is { BacklogBytes: 0 } or { Queue.OpenObjects: <= 100 } && journal.GetStats().BacklogEntries + journal.GetStats().Uploaded == 2000);
        JournalBench.Until(() => journal.GetStats().Queue.OpenObjects <= 100);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(2000, _bench.Store.Entries.Count);

        // The one in use all the time was not the one to go.
        Assert.InRange(_bench.Store.Objects.Count(o => o.Document.Stream == "always"), 1, 5);
        Assert.InRange(_bench.Disk.Counts.SyncsOf(SyncSite.Checkpoint), 2, 2 * 120);
    }

    [Fact]
    public async Task LateEntriesOfOneDateShareAnObject()
    {
        using Journal journal = _bench.Open();
        JournalStream stream = journal.GetStream("orders");
        DateTimeOffset yesterday = DateTimeOffset.UtcNow.AddDays(-1);
        for (int i = 0; i < 50; i++)
        {
            stream.Append(yesterday, JournalBench.Entry(i));
            await stream.AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(i)).WaitAsync(JournalBench.Generous);
        }

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.InRange(_bench.Store.Objects.Count, 2, 3);
        Assert.Equal(100, _bench.Store.Entries.Count);
    }

    [Fact]
    public async Task TimesThatCannotBeAreFiledUnderTheArrivalAndCounted()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));
        using Journal journal = _bench.Open(o => o.UseTimeProvider(time));
        JournalStream stream = journal.GetStream("orders");
        foreach (DateTimeOffset odd in (DateTimeOffset[])[DateTimeOffset.MinValue, DateTimeOffset.MaxValue, time.GetUtcNow().AddDays(1).AddSeconds(1), new(1999, 12, 31, 23, 59, 59, TimeSpan.Zero)])
        {
            Assert.Equal(AppendResult.Stored, stream.Append(odd, JournalBench.Entry(1)));
        }

        Assert.Equal(4, journal.GetStats().Redated);
        stream.Append(time.GetUtcNow().AddHours(23), JournalBench.Entry(2));
        stream.Append(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), JournalBench.Entry(3));
        Assert.Equal(4, journal.GetStats().Redated);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(
            ["2000/01/01", "2026/11/22", "2026/11/23"],
            _bench.Store.Objects.Select(o => string.Join('/', o.Key.Split('/')[1..4])).Order());
    }

    [Fact]
    public void BeyondMaxStreamsFurtherOnesShareOneAndThatIsSaidOnce()
    {
        using Journal journal = _bench.Open(o => o.MaxStreams = 3);
        JournalStream[] streams = [.. Enumerable.Range(0, 10).Select(i => journal.GetStream($"s{i}"))];
        Assert.Equal(["s0", "s1", "s2", "_overflow"], streams.Select(s => s.Name).Distinct());
        Assert.Same(streams[3], streams[9]);
        Assert.Same(streams[0], journal.GetStream("s0"));
        _bench.WaitForFailure(f => f.Message.Contains("_overflow"));
        journal.Dispose();
        Assert.Single(_bench.Failures);
    }

    [Fact]
    public async Task AClockThatStepsBackKeepsTheKeysOfAPartitionInOrder()
    {
        // A fake clock cannot go back; three opens with clocks of their own can.
        DateTimeOffset noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        foreach (DateTimeOffset now in (DateTimeOffset[])[noon, noon.AddHours(-2), noon.AddMinutes(-1), noon.AddHours(1)])
        {
            FakeTimeProvider time = new(now);
            using Journal journal = _bench.Open(o => o.UseTimeProvider(time));
            JournalBench.Append(journal, 0);
            journal.GetStream("orders").Append(noon, JournalBench.Entry(1));
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        string[] keys = [.. _bench.Store.Objects.Where(o => o.Key.Contains("2026/11/22")).OrderBy(o => o.Document.Ordinal).Select(o => o.Key[..o.Key.IndexOf('-')])];
        Assert.Equal(4, keys.Length);
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public void OpeningCostsTheSameWhateverTheBacklog()
    {
        CallCounts small = CostOfOpening(objects: 20, unpacked: 10);
        CallCounts large = CostOfOpening(objects: 600, unpacked: 60);

        // Some calls go by where in the last segment and the ring the kill came; none by the number of objects.
        Assert.InRange(large.Total, 1, small.Total + 20);
        Assert.InRange(large.BytesRead, 0, (64 << 10) + (128 << 10) + (64 << 10));
    }

    /// <summary>Of a lane that a kill left with that many sealed objects, and entries of 8,000 bytes in its segments.</summary>
    private static CallCounts CostOfOpening(int objects, int unpacked)
    {
        JournalBench bench = new();
        bench.Store.GoAway();
        MemoryDisk killed;
        using (Journal journal = bench.Open(o => o.ShutdownTimeout = TimeSpan.Zero))
        {
            for (int i = 0; i < objects; i++)
            {
                JournalBench.Append(journal, i, $"s/{i}", length: 500);
                if (i % 100 == 99 || i == objects - 1)
                {
                    _ = journal.FlushAsync();
                    JournalBench.Until(() => journal.GetStats().Queue is { OpenObjects: 0 } queue && queue.Enqueued == i + 1);
                }
            }

            for (int i = 0; i < unpacked; i++)
            {
                Assert.Equal(AppendResult.Stored, JournalBench.Append(journal, i, length: 8000));
            }

            JournalBench.Until(() => journal.GetStats().Queue.OpenObjects == 1 && journal.GetStats().BacklogEntries == objects + unpacked);
            killed = bench.Disk.Clone();
        }

        StorageDirectory lane = killed.Root.OpenDirectory(killed.ListFiles()[0].Split('/')[0])!.OpenDirectory("0")!;
        JournalSettings settings = JournalSettings.From(bench.Options(), ProcessEnvironment.Instance, static _ => true);
        killed.Counts.Reset();
        using (Lane.Open(new LanePlace(lane, lane, 0, bench.Store, new JournalClock(TimeProvider.System)), LaneSettings.From(settings), 7, static _ => { }))
        {
            return killed.Counts;
        }
    }
}
