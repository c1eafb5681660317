using Sink.Core.Log;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Model;

/// <summary>The log and its recovery, one crash window each.</summary>
public class RecoveryModelTests
{
    // Written, never synced, killed before a second segment exists: the next run reads page cache.
    [Fact]
    public void WhatRecoveryReadsIsWrittenAnewBeforeItIsBelieved()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(10);
        world.Trouble = static call => call.Site == SyncSite.Commit ? new SimulatedCrashException("before the sync") : null;
        Assert.Throws<SimulatedCrashException>(() => world.Commit());
        world.Trouble = null;
        world.Kill();
        world.Open();
        world.Append(10);
        world.CommitAll();
        world.LosePower(PowerLossChoice.AllLost);
        world.Check();
        Assert.All(world.Oracle.Entries, static entry => Assert.False(entry.IsGone));
    }

    // A sync fails: the next one of that file would say "ok" with the bytes gone. The ring still holds them.
    [Fact]
    public void AfterAFailedSyncTheBytesAreWrittenAgainElsewhere() => CrashPoints.Check(static world =>
    {
        world.Open();
        world.Append(5);
        world.Commit();
        world.Append(5);
        bool failed = false;
        world.Trouble = call => call.Site == SyncSite.Commit && !failed ? Fail(ref failed) : null;
        Assert.True(world.Commit());
        Assert.Equal(2, world.Disk.ListFiles().Count(static file => file.EndsWith(SegmentName.Suffix, StringComparison.Ordinal)));
        world.Append(5);
        world.Commit();
    });

    // Waiters hear of a failed sync only when writing anew has failed, too.
    [Fact]
    public async Task WhoWaitsForASyncWaitsForTheSecondTryToo()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(1);
        bool failed = false;
        world.Trouble = call => call.Site == SyncSite.Commit && !failed ? Fail(ref failed) : null;
        Task first = world.Lane.Log.Queue.WaitAsync(() => world.Lane.Log.Durable, world.Lane.Log.Head, default);
        Assert.True(world.Commit());
        await first;

        world.Append(1);
        world.Trouble = static call => call.Site == SyncSite.Commit ? new IOException("sync fails") : null;
        Task second = world.Lane.Log.Queue.WaitAsync(() => world.Lane.Log.Durable, world.Lane.Log.Head, default);
        Assert.False(world.Commit());
        JournalException thrown = await Assert.ThrowsAsync<JournalException>(() => second);
        Assert.Contains("outcome unknown", thrown.Message, StringComparison.Ordinal);
    }

    // A power loss takes a ring page and keeps a later one: what is behind the gap is there, and stays there.
    [Fact]
    public void EntriesBehindALostPageOfTheRingAreKept()
    {
        for (int kept = 1; kept < 4; kept++)
        {
            JournalWorld world = JournalWorld.CreateOpen();
            world.Append(90);
            int page = kept;
            world.LosePower(new ScriptedPowerLoss { Page = (_, offset) => offset == 0 || offset == (page + 1) * SparseBytes.PageBytes });
            world.Open();
            world.Check();
            Assert.Contains(world.Oracle.Entries, static entry => !entry.IsGone);
            world.Append(20);
            world.Kill();
            world.Open();
            world.Check();
        }
    }

    // The power loss keeps an old durable position and pages beyond the reach that it gives; the next run appends up to
    // just before them, and is killed.
    [Fact]
    public void FramesOfADeadRunNeverPassForNewOnes()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Disk.PageWriteback();
        world.Append(60);
        world.CommitAll();
        world.Append(98);
        int headers = 0;
        world.LosePower(new ScriptedPowerLoss { Page = (_, offset) => offset == 0 ? ++headers == 1 : offset <= 2 * SparseBytes.PageBytes });
        world.Open();
        world.Check();
        Assert.Equal(98, world.Oracle.Entries.Count(static entry => entry.IsGone));
        world.Append(60);
        world.Kill();
        world.Check();
    }

    // The power loss takes all that a run left but its entries in the ring: the next run has its number again. It appends up
    // to just before them, and is killed.
    [Fact]
    public void FramesOfADeadRunOfTheSameNumberNeverPassForNewOnes()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(60);
        world.CommitAll();
        world.Disk.PageWriteback();
        world.Kill();
        world.Open();
        uint number = world.Lane.Log.Run.Number;
        world.Append(10);
        world.LosePower(new ScriptedPowerLoss { Page = static (_, offset) => offset != 0 });
        world.Open();
        Assert.Equal(number, world.Lane.Log.Run.Number);
        world.Check();
        Assert.Equal(10, world.Oracle.Entries.Count(static entry => entry.IsGone));
        world.Append(5);
        world.Kill();
        world.Check();
    }

    // A power loss leaves frames beyond the reach of the ring's old header. What was found is rewritten and sealed; another
    // one brings that header back, and from the checkpoint's position it reaches them.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARingOlderThanTheNewestSegmentOrCheckpointIsNotRead(bool hasNoSegment)
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Disk.PageWriteback();
        world.Append(60);
        world.CommitAll();
        world.Append(98);
        int headers = 0;
        world.LosePower(new ScriptedPowerLoss { Page = (_, offset) => offset == 0 ? ++headers == 1 : offset <= 2 * SparseBytes.PageBytes });
        world.Open();
        world.Check();
        Assert.Equal(98, world.Oracle.Entries.Count(static entry => entry.IsGone));
        if (hasNoSegment)
        {
            // A lane where all is delivered closes without one.
            world.Drain();
            world.Close();
        }
        else
        {
            world.CommitAll();
            world.Pack();
            world.Seal();
        }

        world.LosePower(new ScriptedPowerLoss { Page = static (_, offset) => offset != 0 });
        world.Open();
        world.Check();
    }

    // While a commit waits for the disk, appenders have the other half of the ring, which is free by then.
    [Fact]
    public void WhileACommitSyncsHalfTheRingIsFree()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        while (world.Append("web", 100) == AppendResult.Stored)
        {
        }

        int stored = 0;
        Assert.True(world.Commit());
        world.Trouble = call =>
        {
            stored += call.Site == SyncSite.Commit && world.Append("web", 100) == AppendResult.Stored ? 1 : 0;
            return null;
        };
        Assert.True(world.Commit());
        Assert.Equal(1, stored);
    }

    // An append while a commit waits for the disk finds no room that the commit is only about to free: the sync fails, and
    // what it was to sync is written again from there.
    [Fact]
    public void ThePlaceOfWhatIsBeingCommittedIsNotFreeBeforeItIsDurable()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        while (world.Append("web", 100) == AppendResult.Stored)
        {
        }

        int tries = 0;
        world.Trouble = call =>
        {
            if (call.Site != SyncSite.Commit)
            {
                return null;
            }

            tries++;
            Assert.Equal(AppendResult.Dropped, world.Append("web", 100));
            return tries == 1 ? new IOException("sync fails") : null;
        };
        Assert.True(world.Commit());
        Assert.Equal(2, tries);
        world.Trouble = null;
        world.Kill();
        world.Check();
    }

    // Rot in the last segment, below durable: not a torn tail. The ring still has the bytes.
    [Fact]
    public void ARottedFrameIsRepairedFromTheRing()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(60);
        world.CommitAll();
        world.Disk.FlipBit(Segment(world), 3000, 3);
        world.Kill();
        world.Check();
    }

    // The same when the ring has moved on: one entry is lost and said so, and positions do not go back.
    [Fact]
    public void ARottedFrameCostsItselfOnly()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(60);
        world.CommitAll();
        world.Append(60);
        world.CommitAll();
        world.Append(60);
        world.CommitAll();
        world.Disk.FlipBit(Segment(world), 3000, 3);
        world.Kill();
        world.Oracle.MayMissAny = true;
        world.Lanes[0].MayReportDamage = true;
        world.OpenAll();
        Assert.Equal(179, world.Drain().Count);
        Assert.Contains(world.Lanes[0].Failures, static failure => failure.Kind == JournalFailureKind.Permanent);
    }

    // The newest committed entry is rotten wherever it stands: it is lost and said so, and its place is not given out again.
    [Fact]
    public void ARottedFrameAtTheEndIsAHoleAndPositionsGoOnBehindIt()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(10);
        world.CommitAll();
        long position = world.Oracle.Entries[^1].Position;
        world.Disk.FlipBit(Segment(world), SegmentHeader.Bytes + position - LogRecovery.FirstPosition + Frame.HeaderBytes, 3);
        world.Disk.FlipBit("journal/0/ring", RingHeader.Bytes + position + Frame.HeaderBytes, 3);
        world.Kill();
        world.Oracle.MayMissAny = true;
        world.Lanes[0].MayReportDamage = true;
        world.Open();
        Assert.Equal(world.Oracle.Entries[^1].End, world.Lane.Log.Head);
        Assert.Equal(world.Lane.Log.Head - position, world.Lane.Log.DamagedBytes);
        Assert.Equal(9, world.Drain().Count);
    }

    // What is in it may be of use to somebody: the segment is set aside when it is packed, and not deleted.
    [Fact]
    public void ASegmentWithAHoleIsSetAside()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        for (int i = 0; i < 3; i++)
        {
            world.Append(60);
            world.CommitAll();
        }

        string segment = Segment(world);
        world.Disk.FlipBit(segment, 3000, 3);
        world.Kill();
        world.Oracle.MayMissAny = true;
        world.Lanes[0].MayReportDamage = true;
        world.Open();
        world.Drain();
        Assert.Contains(world.Disk.ListFiles(), file => file.StartsWith(segment, StringComparison.Ordinal) && file.EndsWith(Quarantine.Suffix, StringComparison.Ordinal));
    }

    // A page of the ring whose writeback failed is read back old: it must not reach a segment as it is.
    [Fact]
    public void ARottedFrameInTheRingCostsItselfOnly()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(20);
        world.Disk.FlipBit("journal/0/ring", RingHeader.Bytes + 1000, 3);
        world.Oracle.MayMissAny = true;
        world.Lanes[0].MayReportDamage = true;
        world.CommitAll();
        Assert.Equal(1, world.Lane.Log.Dropped[DropCause.Damaged]);
        Assert.Equal(19, world.Drain().Count);
    }

    // Without syncs a power loss leaves segments below the packed position: new entries must not take old positions.
    [Fact]
    public void WithoutSyncsPositionsNeverGoBackBehindTheCheckpoint()
    {
        JournalWorld world = JournalWorld.Create();
        world.Lanes[0].Fsync = false;
        world.Open();
        world.Append(1, "a", 10);
        world.Append(40, "web", 300);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        world.LosePower(PowerLossChoice.AllLost);
        world.Open();
        world.Append(10);
        world.CommitAll();
        Assert.Equal(10, world.Drain().Count(static id => id > 40));
    }

    // The first sync of a fresh segment fails, and the next, and runs end with nothing appended: segments of one base.
    [Fact]
    public void SegmentsOfOneBaseDoNotHideEachOther() => CrashPoints.Check(static world =>
    {
        world.Open();
        world.Append(5);
        world.Trouble = static call => call.Site == SyncSite.Commit ? new IOException("sync fails") : null;
        world.Commit();
        world.Commit();
        world.Trouble = null;
        world.Commit();
        world.Append(5);
        world.Close();
        world.Open();
        world.Close();
        world.Open();
    });

    // Deletes are not synced: the name of a segment that was packed long ago comes back, its bytes do not.
    [Fact]
    public void AnOldSegmentThatComesBackWithoutItsBytesIsNoDamage()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(10);
        world.Drain();
        world.Close();
        world.Disk.Root.OpenDirectory("journal")!.OpenDirectory("0")!.Create(new SegmentName(1, LogRecovery.FirstPosition).ToString()).Dispose();
        world.Open();
        world.Append(10);
        world.Kill();
        world.Check();
    }

    // Bytes of a failed sync reached the disk all the same, behind the place where the next segment begins: they are noise.
    [Fact]
    public void ASegmentIsReadUpToItsSuccessorsBase()
    {
        JournalWorld other = JournalWorld.CreateOpen();
        other.Append(5);
        other.CommitAll();
        JournalWorld world = other.Fork();
        other.Append(5, "web");
        other.CommitAll();
        byte[] remains = other.Disk.ReadFile(Segment(other));

        world.Open();
        world.Append(5);
        world.CommitAll();
        string name = Segment(world);
        using (StorageFile file = world.Disk.Root.OpenDirectory("journal")!.OpenDirectory("0")!.Open(name[(name.LastIndexOf('/') + 1)..], writable: true)!)
        {
            file.Write(0, remains);
        }

        world.Kill();
        world.Check();
    }

    // Another ring takes the old one's place only when what that held is synced in a segment.
    [Fact]
    public void ARingOfAnotherSizeLosesNothing() => CrashPoints.Check(static world =>
    {
        world.Open();
        world.Append(60);
        world.Commit();
        world.Append(10);
        world.Kill();
        world.Lanes[0].RingBytes = 24 * 1024;
        world.Open();
        world.Append(10);
        world.Kill();
        world.Lanes[0].RingBytes = 12 * 1024;
        world.Open();
    });

    // Frames as large as they get: the ring's padding goes into segments, these roll, and old ones are freed and come back.
    [Fact]
    public void TheLargestEntriesWrapTheRingAndRollSegments() => CrashPoints.Check(static world =>
    {
        world.Open();
        for (int i = 0; i < 10; i++)
        {
            world.Append(5, "web", ModelLane.MaxEntryBytes - i);
            world.CommitAll();
        }

        world.Pack();
        world.Seal();
        world.Append(2, "web", ModelLane.MaxEntryBytes);
        world.Commit();
        world.Kill();
        world.Open();
    });

    // Of the two copies of the durable position the lower counts: a flipped bit must not claim more than was synced.
    [Theory]
    [InlineData(RingHeader.DurableOffset)]
    [InlineData(RingHeader.DurableCopyOffset)]
    public void AFlippedBitOfTheDurablePositionCostsNothing(int offset)
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(10);
        world.CommitAll();
        world.Append(10);
        world.Disk.FlipBit("journal/0/ring", offset + 2, 5);
        world.Kill();
        world.Check();
    }

    // A process killed between a new ring's name and its header leaves the durable position, which is stored first, without
    // a record; and of a torn header page a power loss may leave any sector. It is a ring that never was, and no damage.
    [Theory]
    [InlineData(RingHeader.DurableOffset)]
    [InlineData(RingHeader.OpeningsOffset)]
    public void ARingWithoutItsRecordsIsNoDamage(int offset)
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(10);
        world.CommitAll();
        world.Kill();
        using (StorageFile ring = world.Disk.Root.OpenDirectory("journal")!.OpenDirectory("0")!.Open("ring", writable: true)!)
        {
            ring.Write(0, new byte[RingHeader.Bytes]);
            ring.Write(offset, [8]);
        }

        world.Open();
        world.Check();
    }

    // Preallocated zeroes are no frames: they would be read for ever.
    [Fact]
    public void ZeroesAreNoFrame()
    {
        Assert.False(Frame.TryParse(new byte[64], 0, 0, out _));
        Assert.False(Frame.TryParse(new byte[64], new Run(1, 2).Seed, 8, out _));
        Assert.Equal(0, Frame.BytesNeeded(new byte[64], 0));
    }

    private static IOException Fail(ref bool failed)
    {
        failed = true;
        return new IOException("sync fails");
    }

    private static string Segment(JournalWorld world) => world.Disk.ListFiles().First(static file => file.EndsWith(SegmentName.Suffix, StringComparison.Ordinal));
}
