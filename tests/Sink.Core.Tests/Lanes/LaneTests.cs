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
        byte[] name = Encoding.UTF8.GetBytes("orders/api");
        uint state = lane.Log.NameState(name);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(AppendResult.Stored, lane.Log.Append(name, state, new DateTime(2026, 11, 22, 0, 0, 0, DateTimeKind.Utc).Ticks, Encoding.UTF8.GetBytes($"{{\"n\":{i}}}"), out _));
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
        foreach (string f in disk.ListFiles())
        {
            TestContext.Current.TestOutputHelper?.WriteLine(f);
        }
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
