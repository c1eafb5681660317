using Sink.Core.Delivery;
using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Model;

/// <summary>Packing, sealing and delivery, one crash window each.</summary>
public class PackingModelTests
{
    // Sidecars stand, their checkpoint does not: what was sealed is packed again, and must not be delivered as sealed.
    [Fact]
    public void TheCheckpointIsWhatSealsEvenTheFirstTime() => CrashPoints.Check(static world =>
    {
        world.Open();
        Scripts.AppendMixed(world, 12);
        world.CommitAll();
        world.Pack();
        world.Seal();
        world.Deliver();
    });

    // Killed before the names of a checkpoint are synced: the next run acts on page cache, and the power fails.
    [Fact]
    public void ACheckpointThatIsReadIsOneThatLasts() => CrashPoints.Check(Scripts.KilledInACheckpoint);

    // The first copy of a checkpoint came, the second did not: back to the last one, in process, and killed.
    [Theory]
    [InlineData((int)SyncSite.Checkpoint)]
    [InlineData((int)SyncSite.CheckpointNames)]
    public void ACheckpointThatFailedHalfwayIsNeverBelieved(int site) => CrashPoints.Check(world =>
    {
        Begin(world);
        int syncs = 0;
        world.Trouble = call => call.Site == (SyncSite)site && ++syncs == (site == (int)SyncSite.Checkpoint ? 2 : 1) ? new IOException("fails") : null;
        Assert.False(world.Seal());
        world.Trouble = null;
        GoOn(world);
    });

    // A sync of a staged file or a sidecar fails, and before the next checkpoint another call: twice back to the same one.
    [Theory]
    [InlineData((int)SyncSite.StagedObject, (int)SyncSite.Sidecar)]
    [InlineData((int)SyncSite.StagedObject, (int)SyncSite.StagedObject)]
    [InlineData((int)SyncSite.Sidecar, (int)SyncSite.StagedNames)]
    [InlineData((int)SyncSite.StagedObject, (int)SyncSite.Checkpoint)]
    public void TwoFailuresBetweenTwoCheckpointsLoseAndDoubleNothing(int first, int second) => CrashPoints.Check(world =>
    {
        Begin(world);
        foreach (int site in (int[])[first, second])
        {
            bool failed = false;
            world.Trouble = call => call.Site == (SyncSite)site && !failed && (failed = true) ? new IOException("fails") : null;
            Assert.False(world.Seal());
            world.Trouble = null;
            world.Append(1, "web", 700);
            world.CommitAll();
            world.Pack();
        }

        GoOn(world);
    });

    // What the kernel says of a file after a failed write or sync is not what the disk holds: the object goes on in another.
    [Theory]
    [InlineData((int)DiskCallKind.Sync)]
    [InlineData((int)DiskCallKind.Write)]
    public void AStagedFileThatFailedIsNeverWrittenOrSyncedAgain(int kind)
    {
        JournalWorld world = JournalWorld.Create();
        Begin(world);
        string? failed = null;
        world.Trouble = call =>
        {
            if (failed is null && call.Kind == (DiskCallKind)kind && StagedName.TryParse(call.Name, out _, out _))
            {
                failed = call.Name;
                return new IOException("fails");
            }

            Assert.False(call.Name == failed && call.Kind is DiskCallKind.Write or DiskCallKind.Sync, $"{call}");
            return null;
        };
        world.Append(2, "web", 700);
        world.CommitAll();
        Assert.False(world.Pack() && world.Seal());
        GoOn(world);
        world.Trouble = null;
        world.Kill();
        world.Check();
    }

    // Given up: the record is durable before the files go, and one whose files come back stays given up.
    [Fact]
    public void WhatIsGivenUpIsSaidToBe() => CrashPoints.Check(static world =>
    {
        world.Open();
        for (int i = 0; i < 3; i++)
        {
            world.Append(3, "web", 300);
            world.CommitAll();
            world.Pack();
            world.Seal();
        }

        Assert.True(world.GiveUpOldest());
        Assert.Equal(3, world.Lane.Log.Dropped[DropCause.GivenUp]);
        world.Append(3, "web", 300);
        world.CommitAll();
        world.Pack();
        world.Seal();
        world.Deliver();
        world.GiveUpOldest();
    });

    // The record stands, the delete of the files fails: the next object names the drop, and then the process dies.
    [Fact]
    public void ADropIsForgottenOnlyWhenItsFilesAreGone() => CrashPoints.Check(static world =>
    {
        Begin(world);
        world.Seal();
        world.Trouble = static call => call.Kind == DiskCallKind.Delete && call.Name.EndsWith(SealedName.Suffix, StringComparison.Ordinal) ? new IOException("fails") : null;
        Assert.False(world.GiveUpOldest());
        world.Trouble = null;
        world.Append(2, "web", 300);
        world.CommitAll();
        world.Pack();
        world.Seal();
        Assert.Equal(6, world.Lane.Log.Dropped[DropCause.GivenUp]);
    });

    // The process dies between the deletes of data and sidecar: what tells the next one how many entries went must be there still.
    [Fact]
    public void AGiveUpThatIsCutShortBetweenItsDeletesIsCounted()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(3, "web", 300);
        world.CommitAll();
        world.Pack();
        world.Seal();
        int deletes = 0;
        world.Trouble = call => call.Kind == DiskCallKind.Delete && (SealedName.TryParse(call.Name, out _) || StagedName.TryParse(call.Name, out _, out _)) && ++deletes == 2 ? new SimulatedCrashException("between the deletes") : null;
        Assert.Throws<SimulatedCrashException>(() => world.GiveUpOldest());
        world.Trouble = null;
        world.Kill();
        world.Open();
        Assert.Equal(3, world.Lane.Log.Dropped[DropCause.GivenUp]);
        world.Check();
    }

    // The object that names a drop is given up before it was delivered: the next one must name both.
    [Fact]
    public void WhatAGivenUpObjectWasToSayIsSaidByTheNext() => CrashPoints.Check(static world =>
    {
        world.Open();
        for (int i = 0; i < 3; i++)
        {
            world.Append(2, "web", 100);
            world.CommitAll();
            world.Pack();
            world.Seal();
            Assert.True(i == 2 || world.GiveUpOldest());
        }

        world.Deliver();
        BucketObject last = Assert.Single(BucketObject.ReadAll(world.Disk));
        Assert.Equal([new OrdinalRange(0, 1)], last.Metadata.Drops);
        Assert.Equal(4, last.Metadata.Dropped.GivenUp);
    });

    // The second is delivered before the first: it must not call the first settled.
    [Fact]
    public void OnlyWhatIsDeliveredOrDroppedIsCalledSettled()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        foreach (string stream in (string[])["a", "web"])
        {
            world.Append(1, stream);
            world.CommitAll();
            world.Pack();
            world.Seal();
        }

        Assert.True(world.Lane.Backlog.TryTake(out _));
        Assert.True(world.Deliver());
        world.Kill();
        world.Check();
    }

    // Objects lack different entries until then: what is sealed, or written down, would pass for having them, or they would be added twice.
    [Fact]
    public void UntilItHasCaughtUpThePackerSealsGivesUpAndRecordsNothing()
    {
        foreach (Action<Packer> step in (Action<Packer>[])[static packer => packer.Tick(), static packer => packer.FreeLog(), static packer => packer.GiveUpOldest()])
        {
            JournalWorld world = JournalWorld.CreateOpen();
            world.Append(1, "web", 700);
            world.CommitAll();
            world.Pack();
            world.Seal();
            world.Append(1, "slow", 10);
            world.Append(4, "web", 700);
            world.CommitAll();
            world.Pack();
            world.Checkpoint();
            world.Kill();
            world.Open();
            world.Clock.Advance(TimeSpan.FromHours(1));
            Packer packer = world.Lane.Packer;
            long checkpoints = packer.Checkpoints;
            Assert.True(packer.Pack(world.Lane.Log.Durable, maxBytes: 1));
            Assert.False(packer.IsCaughtUp);
            step(packer);
            Assert.Equal(checkpoints, packer.Checkpoints);
            Assert.Equal(6, world.Drain().Count);
        }
    }

    // Open objects are finished as they were begun, whatever the options say now.
    [Fact]
    public void OtherOptionsSealWhatWasBegunUnderTheOld() => CrashPoints.Check(static world =>
    {
        Begin(world);
        world.Kill();
        world.Lanes[0].Packing = new PackingSettings("ndjson", Compression.Gzip, 1, "yyyy/MM", "UTC");
        world.Open();
        world.Append(2, "web", 700);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
    });

    // One flipped bit in one copy of the checkpoint costs nothing but a report.
    [Theory]
    [InlineData(CheckpointFile.First)]
    [InlineData(CheckpointFile.Second)]
    public void OneCopyOfTheCheckpointIsEnough(string copy)
    {
        JournalWorld world = JournalWorld.Create();
        Begin(world);
        world.Disk.FlipBit($"journal/0/{copy}", 30, 2);
        world.Kill();
        world.Lanes[0].MayReportDamage = true;
        world.Check();
    }

    // Both copies: nothing is deleted, sealed objects are delivered, and it is reported.
    [Fact]
    public void WithoutACheckpointNothingIsDeleted()
    {
        JournalWorld world = JournalWorld.Create();
        Begin(world);
        world.Seal();
        world.Append(2, "web", 700);
        world.CommitAll();
        world.Disk.FlipBit("journal/0/checkpoint.1", 30, 2);
        world.Disk.FlipBit("journal/0/checkpoint.2", 30, 2);
        world.Kill();
        world.Lanes[0].MayReportDamage = true;
        world.Open();
        Assert.Contains(world.Lanes[0].Failures, static failure => failure.Message.Contains("lost its checkpoint", StringComparison.Ordinal));
        while (world.Deliver())
        {
        }

        Assert.Equal(world.Oracle.Entries.Count - 2, BucketObject.ReadAll(world.Disk).Sum(static found => found.Payloads().Count));
    }

    // Nobody knows any more what its frames are: the file of an open object is set aside.
    [Fact]
    public void WithoutACheckpointWhatWasOpenIsSetAside()
    {
        JournalWorld world = JournalWorld.Create();
        Begin(world);
        world.Disk.FlipBit("journal/0/checkpoint.1", 30, 2);
        world.Disk.FlipBit("journal/0/checkpoint.2", 30, 2);
        world.Kill();
        world.Lanes[0].MayReportDamage = true;
        world.Open();
        Assert.Contains($"journal/0/000000000000-0.object.20261122T101500Z{Quarantine.Suffix}", world.Disk.ListFiles());
    }

    // Rot between seal and put is refused, set aside and named; it is not delivered as good, and the rest is.
    [Fact]
    public async Task ARottedObjectIsNotDeliveredAsGood()
    {
        JournalWorld world = JournalWorld.Create();
        Begin(world);
        world.Seal();
        SealedName rotted = world.Lane.Backlog.Oldest!.Value;
        world.Disk.FlipBit($"journal/0/{rotted.DataName}", 100, 1);
        world.Oracle.MayMissAny = true;
        world.Lanes[0].MayReportDamage = true;
        Assert.True(world.Lane.Backlog.TryTake(out SealedName taken));
        await world.Lane.Uploader.DeliverAsync(taken, default);
        world.Append(2, "web", 700);
        world.CommitAll();
        world.Pack();
        Assert.Equal(2, world.Drain().Count);
        Assert.Contains($"journal/0/{rotted.DataName}.20261122T101500Z{Quarantine.Suffix}", world.Disk.ListFiles());
        Assert.Equal(rotted.Entries, world.Lane.Log.Dropped[DropCause.Damaged]);
    }

    // A staged file rots while it is open, and the seal that found out fails: counted once, and no file is set aside that a checkpoint names.
    [Fact]
    public void RotInAStagedFileIsCountedOnceThoughTheSealFails()
    {
        JournalWorld world = JournalWorld.Create();
        Begin(world);
        world.Disk.FlipBit("journal/0/000000000000-0.object", 10, 1);
        world.Oracle.MayMissAny = true;
        world.Lanes[0].MayReportDamage = true;
        bool failed = false;
        world.Trouble = call => call.Site == SyncSite.Sidecar && !failed && (failed = true) ? new IOException("fails") : null;
        Assert.False(world.Seal());
        Assert.Equal(0, world.Lane.Log.Dropped[DropCause.Damaged]);
        world.Pack();
        world.Checkpoint();
        int delivered = world.Drain().Count;
        Assert.Equal(world.Oracle.Entries.Count, delivered + world.Lane.Log.Dropped[DropCause.Damaged]);
        Assert.Equal(world.Lane.Log.Dropped[DropCause.Damaged], BucketObject.ReadAll(world.Disk).Sum(static found => found.Metadata.Dropped.Quarantined));
    }

    // A directory copied or rolled back uses no key again: each open has an epoch of its own.
    [Fact]
    public void ACopyOfTheDirectoryNeverUsesTheSameKeys()
    {
        JournalWorld world = JournalWorld.Create();
        Begin(world);
        JournalWorld copy = world.Fork();
        copy.Open();
        copy.Close();
        copy.Open();
        copy.Drain();
        world.Drain();
        Assert.Empty(BucketObject.ReadAll(world.Disk).Select(static found => found.Key).Intersect(BucketObject.ReadAll(copy.Disk).Select(static found => found.Key)));
    }

    // The end of a partition's time seals what was in time; late entries wait for age, size or a flush.
    [Fact]
    public void LateEntriesAreNotSealedOneByOne()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append("web", 100);
        for (int i = 0; i < 5; i++)
        {
            world.Append("web", 100, TimeSpan.FromDays(1));
            world.CommitAll();
            world.Pack();
        }

        Assert.Equal(0, world.Lane.Backlog.Count);
        world.Clock.Advance(TimeSpan.FromMinutes(3));
        world.Kill();
        world.Open();
        world.Pack();
        Assert.Equal(0, world.Lane.Backlog.Count);
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        world.Pack();
        Assert.Equal(2, world.Lane.Backlog.Count);
        world.Drain();
    }

    private static void Begin(JournalWorld world)
    {
        world.Open();
        world.Append(4, "web", 700);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        world.Append(2, "web", 700);
        world.CommitAll();
        world.Pack();
    }

    private static void GoOn(JournalWorld world)
    {
        world.Append(2, "web", 700);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        world.Append(1, "web", 100);
        world.CommitAll();
        world.Pack();
        world.Seal();
        world.Deliver();
    }
}
