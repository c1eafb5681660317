using System.Text;
using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Lanes;

public class LaneTests
{
    [Fact]
    public async Task WhatIsAppendedArrivesOnceAndInOrder()
    {
        MemoryDisk disk = new();
        List<JournalFailure> failures = [];
        using Lane lane = Open(disk, failures);
        for (int i = 0; i < 1000; i++)
        {
            Append(lane, i);
            if (i % 100 == 0)
            {
                lane.Log.Commit();
            }
        }

        while (lane.Log.Commit())
        {
        }

        while (lane.Pack())
        {
        }

        Assert.NotNull(lane.SealBelow(lane.Log.Head));
        while (lane.Backlog.TryTake(out SealedName sealedName))
        {
            await lane.Uploader.DeliverAsync(sealedName, default);
        }

        Assert.True(lane.TryClose());
        Assert.Empty(failures);
        Assert.Equal(0, lane.Backlog.Count);
    }

    /// <summary>One step at a time, and the same end of the log in both: the counts differ by the backlog alone. 32 and 1,024 objects, as 64 MiB and 2 GiB in objects of 2 MiB.</summary>
    [Fact]
    public void OpeningReadsAndCallsTheSameForASmallAndALargeBacklog()
    {
        CallCounts small = CostOfOpening(32);
        CallCounts large = CostOfOpening(1024);
        TestContext.Current.TestOutputHelper?.WriteLine($"32 objects: {small.Total} calls, {small.BytesRead} bytes read; 1,024 objects: {large.Total} calls, {large.BytesRead} bytes read");
        Assert.InRange(large.Total, small.Total * 0.9, small.Total * 1.1);
        Assert.InRange(large.BytesRead, small.BytesRead * 0.9, small.BytesRead * 1.1);
    }

    private static CallCounts CostOfOpening(int objects)
    {
        MemoryDisk disk = new();
        Lane lane = Open(disk, []);
        for (int i = 0; i < objects; i++)
        {
            Append(lane, i);
            lane.Log.Commit();
            lane.Pack();
            Assert.NotNull(lane.SealBelow(lane.Log.Head));
        }

        // A full ring's half on top, whatever came before: what recovery reads is the end of the log.
        lane.Packer.WriteCheckpoint();
        for (int i = 0; i < 50; i++)
        {
            Append(lane, i);
        }

        disk.KillProcess();
        disk.Counts.Reset();
        List<JournalFailure> failures = [];
        Lane next = Open(disk, failures);
        Assert.Empty(failures);
        Assert.Equal(objects, next.Backlog.Count);
        return disk.Counts;
    }

    private static void Append(Lane lane, int number)
    {
        byte[] name = Encoding.UTF8.GetBytes("orders/api");
        byte[] payload = Encoding.UTF8.GetBytes($"{{\"n\":{number:D6}}}");
        Assert.Equal(AppendResult.Stored, lane.Log.Append(name, lane.Log.NameState(name), new DateTime(2026, 11, 22, 0, 0, 0, DateTimeKind.Utc).Ticks, payload, out _));
    }

    private static Lane Open(MemoryDisk disk, List<JournalFailure> failures)
    {
        StorageDirectory directory = disk.Root.CreateDirectory("0", SyncSite.JournalDirectory);
        StorageDirectory bucket = disk.Root.CreateDirectory("bucket", SyncSite.StoreDirectory);
        LaneSettings settings = new()
        {
            Limits = new LogLimits { MaxEntryBytes = 2048 },
            Plan = new PackingPlan
            {
                Packing = new PackingSettings("ndjson", Compression.Zstd, 1, "yyyy/MM/dd", "UTC"),
                Id = "web01",
                Lane = 0,
                Run = 0,
                Epoch = "",
                FrameBytes = 1024,
                CheckpointBytes = 16 * 1024,
            },
            RingBytes = 16 * 1024,
            SegmentBytes = 32 * 1024,
            MaxDiskBytes = 1L << 30,
            ReserveBytes = 0,
            MinFreeBytes = 0,
        };
        return Lane.Open(new LanePlace(directory, directory, 0, new DirectoryStore(bucket, "memory"), new JournalClock(TimeProvider.System)), settings, 42, failures.Add);
    }
}
