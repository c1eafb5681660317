using S3Journal.Proofs;
using Sink.Core.Lanes;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.RealDisks;

/// <summary>Volumes that others fill, with the kernel's own "no space left". Where the test writes of a byte too many, the kernel ends the whole run by SIGBUS.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task AVolumeThatIsFullBeforeTheStartIsAnErrorThatSaysSoAndLeavesNothingInTheWay()
    {
        using DiskBench disk = new("size=48m");
        disk.Volume.Fill();
        for (int i = 0; i < 3; i++)
        {
            JournalException refused = Assert.Throws<JournalException>(() => disk.Open());
            Assert.False(refused.IsConfiguration);
            Assert.Contains("Make room on its volume", refused.Message);
            Assert.Contains(disk.Volume.Path, refused.Message);
        }

        disk.Volume.Empty();
        using Journal journal = disk.Open();
        Assert.Equal(0, journal.GetStats().Lane);
        disk.Append(journal);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        disk.AssertTheSumsAddUp(journal.GetStats());
    }

    [Fact]
    public async Task ABacklogOnAVolumeThatIsFullBeforeTheStartIsDeliveredAllTheSame()
    {
        // The ballast, and the segments that are packed, give recovery the room it needs; what is delivered, the rest.
        using DiskBench disk = new("size=48m");
        disk.Bench.Store.GoAway();
        using (Journal earlier = disk.Open(o => o.ShutdownTimeout = TimeSpan.Zero))
        {
            disk.UntilThereIsBallast();
            for (int i = 0; i < 50; i++)
            {
                Assert.Equal(AppendResult.Stored, disk.Append(earlier));
            }
        }

        disk.Bench.Store.ComeBack();
        disk.Volume.Fill();
        using Journal journal = disk.Open();

        // While what is sealed makes the first room, a flush may hear that packing fails.
        JournalBench.Until(() => Flushed(journal));
        Assert.Equal(50, disk.Bench.Store.Entries.Distinct().Count());
        Assert.Equal(50, disk.Bench.Store.Entries.Count);
    }

    [Fact]
    public async Task AKilledProcesssLaneOpensAndDeliversOnAVolumeThatIsFullByItsBallast()
    {
        using DiskBench disk = new("size=48m");
        disk.Bench.Store.GoAway();
        using (Journal killed = disk.Open(o => o.ShutdownTimeout = TimeSpan.Zero))
        {
            disk.UntilThereIsBallast();
            for (int i = 0; i < 100; i++)
            {
                Assert.Equal(AppendResult.Stored, disk.Append(killed));
            }

            // What lies there at this moment is what a kill would leave: nothing is packed half when all is quiet.
            Lane lane = JournalRegistry.All().Single(core => core.Settings.LocalDirectory.Path == Path.GetDirectoryName(disk.Lane)).Host.Lane;
            JournalBench.Until(() => lane is { IsBehind: false, Packer.OpenObjects: 0, Backlog.Count: > 0 });
            CopyLane(disk.Lane, Path.Join(disk.Volume.Path, "copy", "0"));
        }

        disk.Bench.Store.ComeBack();
        disk.Volume.Fill();
        using Journal journal = disk.Open(o => o.LocalDirectory = Path.Join(disk.Volume.Path, "copy"));
        Assert.Equal(0, journal.GetStats().Lane);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(100, disk.Bench.Store.Entries.Distinct().Count());
        Assert.Equal(100, disk.Bench.Store.Entries.Count);
    }

    [Theory]
    [InlineData(WhenFull.DropNewest, 0)]
    [InlineData(WhenFull.DropOldest, 0)]
    [InlineData(WhenFull.Block, 0)]
    [InlineData(WhenFull.DropNewest, 8 << 20)]
    [InlineData(WhenFull.DropOldest, 8 << 20)]
    [InlineData(WhenFull.Block, 8 << 20)]
    public async Task AVolumeFilledAfterTheStartAppliesThePolicyAndThenAllGoesOnWithoutARestart(WhenFull policy, long minFree)
    {
        using DiskBench disk = new("size=48m");
        using Journal journal = disk.Open(o =>
        {
            o.WhenFull = policy;
            o.MinFreeDiskBytes = minFree;
            o.ShutdownTimeout = TimeSpan.FromSeconds(5);
        });
        disk.Bench.Store.GoAway();
        for (int i = 0; i < 400; i++)
        {
            disk.Append(journal);
        }

        JournalBench.Until(() => journal.GetStats().Queue.Enqueued >= 4);
        if (policy == WhenFull.DropOldest)
        {
            JournalBench.Until(() =>
            {
                disk.Volume.Empty();
                disk.Volume.Fill();
                disk.Append(journal);
                return journal.GetStats().Dropped.ContainsKey(DropCause.GivenUp);
            });
        }
        else
        {
            disk.FillUntilRefused(journal);
            AssertTheRingIsNotTouched(disk, journal);
        }

        JournalStats full = journal.GetStats();
        Assert.Equal(policy == WhenFull.DropOldest, full.Dropped.ContainsKey(DropCause.GivenUp));
        disk.Bench.WaitForFailure(f => f.Kind == JournalFailureKind.Temporary && f.Message.Contains("The volume of"));

        disk.Volume.Empty();
        JournalBench.Until(() => disk.Append(journal) == AppendResult.Stored);
        disk.Bench.Store.ComeBack();
        await JournalBench.FlushWhenItCan(journal);
        disk.AssertTheSumsAddUp(journal.GetStats());
        Assert.DoesNotContain(disk.Bench.Failures, f => f.Kind == JournalFailureKind.Final);
        Figures.Report("full tmpfs", ("policy", $"{policy}"), ("MinFreeDiskBytes", minFree), ("received", disk.Received), ("delivered", disk.Bench.Store.Entries.Count), ("refused", disk.Answered(AppendResult.Dropped).Count), ("given up", journal.GetStats().Dropped.GetValueOrDefault(DropCause.GivenUp)));
    }

    [Fact]
    public async Task ABlockedCallerGoesOnWhenTheVolumeHasSpaceAgain()
    {
        using DiskBench disk = new("size=48m");
        using Journal journal = disk.Open(o =>
        {
            o.WhenFull = WhenFull.Block;
            o.MaxBlockTime = TimeSpan.FromMinutes(10);
            o.MinFreeDiskBytes = 8 << 20;
        });
        await journal.GetStream("orders/0").AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(-1)).WaitAsync(JournalBench.Generous);
        disk.Volume.Fill();
        Task caller = Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < 400; i++)
                {
                    Assert.Equal(AppendResult.Stored, disk.Append(journal));
                }
            },
            TaskCreationOptions.LongRunning);
        disk.Bench.WaitForFailure(f => f.Message.Contains("The volume of"));
        Assert.False(caller.IsCompleted);
        disk.Volume.Empty();
        await caller.WaitAsync(JournalBench.Generous);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(401, disk.Bench.Store.Entries.Count);
        Assert.Empty(journal.GetStats().Dropped);
    }

    [Fact]
    public async Task SpaceThatIsGoneBetweenTheCheckAndTheWriteLosesNothingThatWasStored()
    {
        // The check finds space, and the kernel has none when the segment is written.
        using DiskBench disk = new("size=48m");
        using Journal journal = disk.Open(o =>
        {
            o.MinFreeDiskBytes = 0;
            o.StallAfter = TimeSpan.FromMilliseconds(100);
        });
        disk.Bench.Store.GoAway();
        bool isBusy = true;
        disk.Bench.BeforeCall = call =>
        {
            if (Volatile.Read(ref isBusy))
            {
                if (call.Kind == DiskCallKind.GetSpace)
                {
                    disk.Volume.Empty();
                }
                else if (call.Name.EndsWith(Log.SegmentName.Suffix, StringComparison.Ordinal) && call.Kind is DiskCallKind.Write or DiskCallKind.Truncate)
                {
                    disk.Volume.Fill();
                }
            }
        };
        JournalBench.Until(() => disk.Append(journal) == AppendResult.Dropped);
        JournalFailure told = disk.Bench.WaitForFailure(f => f.Kind == JournalFailureKind.Temporary && f.Message.StartsWith("Nothing can be committed", StringComparison.Ordinal));
        Assert.True(DiskBudget.IsFull(told.Exception!), $"{told}");
        JournalException unknown = await Assert.ThrowsAsync<JournalException>(() => journal.GetStream("orders/0").AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(1)).WaitAsync(JournalBench.Generous));
        int durable = unknown.Message.Contains("outcome unknown", StringComparison.Ordinal) ? 1 : 0;

        Volatile.Write(ref isBusy, false);
        disk.Volume.Empty();
        JournalBench.Until(() => disk.Append(journal) == AppendResult.Stored);
        disk.Bench.Store.ComeBack();
        await JournalBench.FlushWhenItCan(journal);
        JournalStats stats = journal.GetStats();
        Assert.Equal(disk.Answered(AppendResult.Stored).Count + durable, stats.Uploaded);
        Assert.Equal(stats.Uploaded, disk.Bench.Store.Entries.Distinct().Count());
        Assert.Equal(stats.Uploaded, disk.Bench.Store.Entries.Count);
    }

    [Fact]
    public async Task AVolumeWithoutAFreeNameStallsTheLogUntilThereIsOne()
    {
        // Bytes are free, but no file can be made: the check finds nothing wrong, and every new segment fails.
        using DiskBench disk = new("size=48m,nr_inodes=100");
        using Journal journal = disk.Open(o => o.StallAfter = TimeSpan.FromMilliseconds(100));
        disk.Bench.Store.GoAway();
        string names = Directory.CreateDirectory(Path.Join(disk.Volume.Path, "names")).FullName;
        JournalBench.Until(() =>
        {
            TakeNames(names);
            return disk.Append(journal) == AppendResult.Dropped;
        });
        disk.Bench.WaitForFailure(f => f.Kind == JournalFailureKind.Temporary && f.Exception is { } cause && DiskBudget.IsFull(cause));
        Directory.Delete(names, recursive: true);
        JournalBench.Until(() => disk.Append(journal) == AppendResult.Stored);
        disk.Bench.Store.ComeBack();
        await JournalBench.FlushWhenItCan(journal);
        disk.AssertTheSumsAddUp(journal.GetStats());
    }

    [Fact]
    public async Task AStoreOnTheSameFullVolumeTakesItsObjectsOnceThereIsSpace()
    {
        using DiskBench disk = new("size=48m");
        string store = new Uri(Path.Join(disk.Volume.Path, "store")).AbsoluteUri;
        await using (Journal journal = disk.Open(o =>
        {
            o.MinFreeDiskBytes = 0;
            o.Destination = store;
        }))
        {
            disk.FillUntilRefused(journal);
            disk.Volume.Empty();
            JournalBench.Until(() => disk.Append(journal) == AppendResult.Stored);
            await JournalBench.FlushWhenItCan(journal);
            Assert.Equal(disk.Answered(AppendResult.Stored).Count, journal.GetStats().Uploaded);
        }

        int entries = 0;
        using JournalReader reader = JournalReader.Open(store);
        await foreach (JournalObject found in reader.ListAsync())
        {
            await foreach (ReadOnlyMemory<byte> _ in reader.ReadEntriesAsync(found))
            {
                entries++;
            }
        }

        Assert.Empty(reader.Warnings);
        Assert.Equal(disk.Answered(AppendResult.Stored).Count, entries);
    }

    private static bool Flushed(Journal journal)
    {
        try
        {
            journal.FlushAsync().Wait(JournalBench.Generous);
            return true;
        }
        catch (AggregateException exception) when (exception.InnerException is JournalException)
        {
            return false;
        }
    }

    private static void AssertTheRingIsNotTouched(DiskBench disk, Journal journal)
    {
        // Whoever passed the check before the log refused is out by now: every append from here on is dropped.
        byte[] before = disk.RingFrames();
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(AppendResult.Dropped, disk.Append(journal));
        }

        Assert.Equal(before, disk.RingFrames());
        Assert.True(journal.GetStats().Dropped[DropCause.DiskFull] >= 50);
    }

    private static void TakeNames(string directory)
    {
        try
        {
            while (true)
            {
                File.Create(Path.Join(directory, Guid.NewGuid().ToString("N"))).Dispose();
            }
        }
        catch (IOException)
        {
            // None is left.
        }
    }

    private static void CopyLane(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from).Where(file => Path.GetFileName(file) != "lock"))
        {
            using FileStream source = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream copy = File.Create(Path.Join(to, Path.GetFileName(file)));
            source.CopyTo(copy);
        }
    }
}
