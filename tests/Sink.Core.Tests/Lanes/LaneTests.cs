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

    /// <summary>A killed process's newest entries are in the ring alone, wherever its options had put that.</summary>
    [Theory]
    [InlineData("rings", null)]
    [InlineData(null, "rings")]
    [InlineData("rings", "others")]
    [InlineData("rings", "rings")]
    public void ARingThatTheOptionsPutElsewhereIsFound(string? before, string? after)
    {
        MemoryDisk disk = new();
        Lane lane = Open(disk, [], before);
        for (int i = 0; i < 10; i++)
        {
            Append(lane, i);
        }

        disk.KillProcess();
        List<JournalFailure> failures = [];
        Lane next = Open(disk, failures, after);
        while (next.Pack())
        {
        }

        Assert.Empty(failures);
        Assert.Equal(10, next.BacklogEntries);

        // And once more, for the ring that took over.
        Append(next, 10);
        disk.KillProcess();
        Lane last = Open(disk, failures, before);
        while (last.Pack())
        {
        }

        Assert.Equal(11, last.BacklogEntries);
        Assert.Single(disk.ListFiles(), static file => file.EndsWith("ring", StringComparison.Ordinal));
    }

    /// <summary>Recovery has to write before anything can be delivered: it gets the room of the ballast, and of frames that no checkpoint names.</summary>
    [Fact]
    public void ALaneOpensOnADiskThatOthersFilled()
    {
        MemoryDisk disk = new();
        Lane lane = Open(disk, []);
        for (int i = 0; i < 300; i++)
        {
            Append(lane, i);
            lane.Log.Commit();
        }

        lane.Pack();
        for (int i = 300; i < 400; i++)
        {
            Append(lane, i);
        }

        using (StorageFile ballast = disk.Root.OpenDirectory("0")!.Create(Ballast.FileName))
        {
            ballast.Write(0, new byte[64 * 1024]);
        }

        disk.KillProcess();
        disk.CapacityBytes -= disk.FreeBytes;
        List<JournalFailure> failures = [];
        Lane next = Open(disk, failures);
        Assert.Empty(failures);
        while (next.Pack())
        {
        }

        Assert.Equal(400, next.BacklogEntries);
    }

    /// <summary>A give-up whose checkpoint failed, then a seal, and a death between the deletes of data and sidecar: the sidecar must not pass for a sealed object's.</summary>
    [Fact]
    public void AGivenUpObjectIsNotTakenForASealedOneAfterASealAndADeath()
    {
        MemoryDisk disk = new();
        Lane lane = Open(disk, []);
        Append(lane, 1);
        lane.Log.Commit();
        lane.Pack();
        Assert.NotNull(lane.SealBelow(lane.Log.Head));
        Append(lane, 2);
        lane.Log.Commit();
        lane.Pack();

        bool failed = false;
        disk.Fault = call => !failed && call.Site == SyncSite.Checkpoint && (failed = true) ? new IOException("once") : null;
        Assert.Throws<IOException>(() => lane.Packer.GiveUpOldest());
        disk.Fault = static call => call.Kind == DiskCallKind.Delete && call.Name.EndsWith(SealedName.Suffix, StringComparison.Ordinal) && call.Name.StartsWith("000000000000-", StringComparison.Ordinal) ? new IOException("for ever") : null;
        lane.Reload();
        lane.Packer.Pack(lane.Log.Durable, 1 << 20);
        Assert.Throws<IOException>(() => lane.SealBelow(lane.Log.Head));

        disk.KillProcess();
        disk.Fault = null;
        List<JournalFailure> failures = [];
        Lane next = Open(disk, failures);
        while (next.Pack())
        {
        }

        Assert.NotNull(next.SealBelow(next.Log.Head));

        // Who died had not come to counting it.
        Assert.Contains("was given up", Assert.Single(failures).Message, StringComparison.Ordinal);
        Assert.Equal(1, next.Log.Dropped[DropCause.GivenUp]);
        Assert.Equal(1, next.BacklogEntries);
        Assert.True(next.Backlog.TryTake(out SealedName only));
        Assert.NotEqual(0, only.Ordinal);
        Assert.Equal(1, next.Backlog.Count);
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
        Assert.Equal(AppendResult.Stored, lane.Log.Append(name, lane.Log.NameState(name), new DateTime(2026, 11, 22, 0, 0, 0, DateTimeKind.Utc).Ticks, payload, FrameTag.Plain, out _));
    }

    private static Lane Open(MemoryDisk disk, List<JournalFailure> failures, string? rings = null)
    {
        StorageDirectory? elsewhere = rings is null ? null : disk.Root.CreateDirectory(rings, SyncSite.JournalDirectory);
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
        return Lane.Open(new LanePlace(directory, elsewhere ?? directory, 0, new DirectoryStore(bucket, "memory"), new JournalClock(TimeProvider.System)) { OpenElsewhere = path => disk.Root.OpenDirectory(path.Split('/')[^1]) }, settings, 42, failures.Add);
    }
}
