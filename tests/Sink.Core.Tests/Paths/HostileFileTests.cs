using S3Journal.Proofs;
using Sink.Core.Delivery;
using Sink.Core.Lanes;
using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Paths;

/// <summary>Files with right checksums that say what none of ours says: nothing outside is deleted, cut, made or delivered, and what else there is arrives.</summary>
public class HostileFileTests
{
    [Fact]
    public void ASidecarsKeyNeverLeadsOutOfTheStore()
    {
        string[] keys = ["../outside/evil", "/outside/evil", "web/../../outside/evil", "a/../../../outside/evil", "..", ".", "", "a//b", "a/./b", "a\\..\\b", "a\0b", "a\nb", new string('x', 5000)];
        foreach (string key in keys)
        {
            using RealLane lane = new();
            lane.Live();
            string name = lane.Names.Single(static name => SealedName.TryParse(name, out _));
            string path = Path.Join(lane.Directory, name);
            Sidecar sidecar = Sidecar.Decode(File.ReadAllBytes(path))!;
            File.WriteAllBytes(path, (sidecar with { Key = key }).Encode());
            Drain(lane);
            Assert.Equal(11, lane.Delivered());
            Assert.Contains(lane.Names, found => found.StartsWith(name, StringComparison.Ordinal) && Quarantine.TryParse(found, out _));
            Assert.Contains(lane.Failures, static failure => failure.Entries == 10);
        }

        Figures.Report("hostile keys in a sidecar", ("keys", keys.Length));
    }

    [Fact]
    public void ACheckpointNamesNothingThatIsNotOurs()
    {
        Func<Checkpoint, Checkpoint>[] lies =
        [
            static truth => Object(truth, static record => record with { Stream = "../../outside/evil" }),
            static truth => Object(truth, static record => record with { Stream = "/outside" }),
            static truth => Object(truth, static record => record with { Partition = "../../../outside" }),
            static truth => Object(truth, static record => record with { Partition = "" }),
            static truth => Object(truth, static record => record with { Id = -1 }),
            static truth => Object(truth, static record => record with { Id = long.MaxValue }),
            static truth => Object(truth, static record => record with { Generation = -1 }),
            static truth => Object(truth, static record => record with { Resume = long.MaxValue }),
            static truth => Object(truth, static record => record with { Frames = [new CompressedFrame(-5, 0, 1, 1)] }),
            static truth => Object(truth, static record => record with { Tally = record.Tally with { Entries = record.Tally.Entries + 1 } }),
            static truth => truth with { Routed = -8 },
            static truth => truth with { Routed = long.MaxValue },
            static truth => truth with { NextOrdinal = long.MaxValue },
            static truth => truth with { NextOrdinal = -1 },
            static truth => truth with { NextObjectId = long.MinValue },
            static truth => truth with { Sequence = long.MaxValue },
            static truth => truth with { Drops = [new OrdinalRange(5, 1)] },
            static truth => truth with { Drops = [new OrdinalRange(-1, long.MaxValue)] },
            static truth => truth with { Previous = "../../x" },
            static truth => truth with { Objects = [truth.Objects[0], truth.Objects[0]] },
        ];
        for (int i = 0; i < lies.Length; i++)
        {
            using RealLane lane = new();
            lane.Live();
            Checkpoint truth = CheckpointFile.Decode(File.ReadAllBytes(Path.Join(lane.Directory, CheckpointFile.First)))!;
            foreach (string copy in (string[])[CheckpointFile.First, CheckpointFile.Second])
            {
                File.WriteAllBytes(Path.Join(lane.Directory, copy), CheckpointFile.Encode(lies[i](truth)));
            }

            Drain(lane);

            // As one that is lost: the log is packed again, so that nothing is missing, and some may be there twice.
            Assert.True(lane.Delivered() == 21, $"lie {i}: {lane.Delivered()} of 21");
        }

        Figures.Report("hostile checkpoints", ("checkpoints", lies.Length));
    }

    // The checksum is not 0: that is what two gigabytes of zeroes, less one, have (the period of the polynomial), and what a hole in the file would pass for.
    [Fact]
    public void AFrameOfTwoGigabytesTakesNoMemory()
    {
        using RealLane lane = new();
        lane.Live();
        Checkpoint truth = CheckpointFile.Decode(File.ReadAllBytes(Path.Join(lane.Directory, CheckpointFile.First)))!;
        Checkpoint lie = Object(truth, static record => record with
        {
            Frames = [.. record.Frames, new CompressedFrame(int.MaxValue, Checksum: 1, Entries: 1, RawBytes: 1)],
            Tally = record.Tally with { Entries = record.Tally.Entries + 1, RawBytes = record.Tally.RawBytes + 1 },
        });
        File.WriteAllBytes(Path.Join(lane.Directory, CheckpointFile.First), CheckpointFile.Encode(lie));
        File.WriteAllBytes(Path.Join(lane.Directory, CheckpointFile.Second), CheckpointFile.Encode(lie));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Drain(lane);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 << 20);
        Assert.Equal(21, lane.Delivered());
    }

    [Theory]
    [InlineData("../../outside/evil", null)]
    [InlineData("/outside", null)]
    [InlineData("a//b", null)]
    [InlineData("web", long.MaxValue)]
    [InlineData("web", -1L)]
    public void AnEntryThatNoStreamMakesIsLeftOutAndCounted(string stream, long? timestamp)
    {
        using RealLane lane = new();
        using (Lane open = lane.Open())
        {
            RealLane.Append(open, 0, 2);
            RealLane.Append(open, 2, 1, stream, timestamp);
            RealLane.Append(open, 3, 2);
            RealLane.Commit(open);
            RealLane.Pack(open);
            Assert.Equal(1, open.Log.Dropped[DropCause.Damaged]);
            Assert.Equal(4, open.BacklogEntries);
        }

        Drain(lane);
        Assert.Equal(4, lane.Delivered());
    }

    [Theory]
    [InlineData("not/absolute")]
    [InlineData("../../outside")]
    [InlineData("\0")]
    [InlineData("/proc/1/root/../..//\0")]
    public async Task WhateverTheRingsPlaceSaysTheJournalOpens(string place)
    {
        using RealLane lane = new();
        ScriptedStore store = new();
        Directory.CreateDirectory(lane.Directory);
        File.WriteAllText(Path.Join(lane.Directory, LanePlace.RingPlaceFile), place);
        Dictionary<string, string> before = RealLane.Snapshot(lane.Outside);
        JournalOptions options = new()
        {
            LocalDirectory = Path.GetDirectoryName(lane.Directory),
            Id = "web01",
            MinFreeDiskBytes = 0,
            Compression = Compression.None,
            ReportToStandardError = false,
        };
        options.UseObjectStore(() => store);
        using (Journal journal = Journal.Open(options))
        {
            Assert.Equal(AppendResult.Stored, journal.GetStream("web").Append(DateTimeOffset.UtcNow, "{}"u8));
            await journal.FlushAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }

        Assert.Single(store.Entries);
        Assert.Equal(before, RealLane.Snapshot(lane.Outside));
    }

    private static void Drain(RealLane lane)
    {
        File.WriteAllText(Path.Join(lane.Outside, "canary"), "not ours");
        lane.Drain();
        Assert.Equal("not ours", File.ReadAllText(Path.Join(lane.Outside, "canary")));
        Assert.Equal(["bucket", "journal", "outside"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(lane.Outside)!).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Single(Directory.EnumerateFileSystemEntries(lane.Outside));
    }

    private static Checkpoint Object(Checkpoint truth, Func<ObjectRecord, ObjectRecord> change) => truth with { Objects = [change(truth.Objects[0])] };
}
