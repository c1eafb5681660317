using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Compressing;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Model;

/// <summary>Compressors of the program's own, that fail or are gone in a later run: no entry is lost, doubled or unreadable, whenever the process dies.</summary>
public class CompressorModelTests
{
    // The object has frames in its file, and entries in the log behind them.
    [Fact]
    public void ALaterRunWithoutTheCompressorSealsWhatWasBegunWithIt() => CrashPoints.Check(static world =>
    {
        BeginWithOwn(world);
        world.Kill();
        world.Lanes[0].Compressor = null;
        world.Lanes[0].Packing = _zstd;
        world.Open();
        Assert.Contains(world.Lanes[0].Failures, failure => failure.Message.Contains("'own'", StringComparison.Ordinal));
        GoOn(world);
        Assert.Equal(["own", "zstd"], Compressions(world));
    });

    // Opened again and again meanwhile: none of the runs may wait for the library.
    [Fact]
    public void AMachineWithoutLiblzmaSealsWhatWasBegunWithXz() => CrashPoints.Check(static world =>
    {
        BeginWithXz(world);
        world.Kill();
        world.Lanes[0].HasLiblzma = false;
        world.Lanes[0].Packing = _zstd;
        world.Open();
        Assert.Contains(world.Lanes[0].Failures, failure => failure.Message.Contains("'xz', whose library this machine does not have", StringComparison.Ordinal) && failure.Kind == JournalFailureKind.Temporary);
        world.Kill();
        world.Open();
        GoOn(world);
        Assert.Equal(["xz", "zstd"], Compressions(world));
        world.Kill();
        world.Open();
        Assert.Empty(world.Lanes[0].Failures);
    });

    // The options refuse it; the library may still go while the directory's lanes are taken over.
    [Fact]
    public void WhereTheRunsOwnSettingsSayXzTooEntriesAreNotCompressed()
    {
        JournalWorld world = JournalWorld.Create();
        BeginWithXz(world);
        world.Kill();
        world.Lanes[0].HasLiblzma = false;
        world.Open();
        GoOn(world);
        Assert.Equal(["xz", "none"], Compressions(world));
        world.Check();
    }

    [Fact]
    public void WithLiblzmaALaterRunGoesOnInTheObjectOfXz()
    {
        JournalWorld world = JournalWorld.Create();
        BeginWithXz(world);
        world.Kill();
        world.Open();
        GoOn(world);
        Assert.Equal(["xz"], Compressions(world));
        Assert.Empty(world.Lanes[0].Failures);
        world.Check();
    }

    // Other settings too: the dates of the old ones hold until the log behind the checkpoint is packed.
    [Fact]
    public void OtherDatesComeIntoForceBehindWhatWasBegun() => CrashPoints.Check(static world =>
    {
        BeginWithOwn(world);
        world.Kill();
        world.Lanes[0].Compressor = null;
        world.Lanes[0].Packing = _zstd with { DirectoryFormat = "yyyy/MM" };
        world.Open();
        GoOn(world);
    });

    [Fact]
    public void TheCompressorThatCameBackGoesOnInTheSameObject()
    {
        JournalWorld world = JournalWorld.Create();
        BeginWithOwn(world);
        world.Kill();
        world.Open();
        GoOn(world);
        Assert.Equal(["own"], Compressions(world));
        Assert.Empty(world.Lanes[0].Failures);
        world.Check();
    }

    [Fact]
    public void ACompressorThatFailsIsGivenUpAndItsObjectsAreSealed() => CrashPoints.Check(static world =>
    {
        bool fails = false;
        BeginWithOwn(world, () => fails);
        fails = true;
        world.Append(4, "web", 700);
        world.CommitAll();
        Assert.False(world.Pack());
        GoOn(world);
        Assert.Equal(["own", "none"], Compressions(world));
        Assert.Single(world.Lanes[0].Failures, failure => failure.Message.Contains("failed 3 times", StringComparison.Ordinal));
    });

    // The failure comes while packing goes back to the checkpoint: from there, not from the middle.
    [Fact]
    public void ACompressorThatFailsWhileEntriesArePackedAgainIsGivenUp() => CrashPoints.Check(static world =>
    {
        bool fails = false;
        BeginWithOwn(world, () => fails);
        world.Append(4, "web", 700);
        world.CommitAll();
        world.Pack();
        world.Kill();
        fails = true;
        world.Open();
        Assert.False(world.Pack());
        GoOn(world);
        Assert.Equal(["own", "none"], Compressions(world));
    });

    // A disk that fails in the same moments: the file of the finished object goes on in a new one.
    [Theory]
    [InlineData((int)SyncSite.Sidecar)]
    [InlineData((int)SyncSite.StagedNames)]
    [InlineData((int)SyncSite.StagedObject)]
    [InlineData((int)SyncSite.Checkpoint)]
    [InlineData((int)SyncSite.CheckpointNames)]
    public void TheDiskMayFailWhereTheOldObjectsAreSealed(int site) => CrashPoints.Check(world =>
    {
        BeginWithOwn(world);
        world.Kill();
        world.Lanes[0].Compressor = null;
        world.Lanes[0].Packing = _zstd;
        world.Open();
        int failures = 0;
        world.Trouble = call => call.Site == (SyncSite)site && failures++ < 2 ? new IOException("fails") : null;
        world.Append(4, "web", 700);
        world.CommitAll();
        for (int i = 0; i < 3; i++)
        {
            world.Pack();
            world.Seal();
        }

        Assert.True(failures > 1);
        world.Trouble = null;
        GoOn(world);
        Assert.Single(world.Lanes[0].Failures, failure => failure.Message.Contains("was not given", StringComparison.Ordinal));
    });

    // A drop whose checkpoint failed waits for the next, and that is the one that seals the finished objects. It must not be
    // written twice, for a checkpoint cannot hold the finished objects and those behind them side by side.
    [Fact]
    public void ADropThatWaitsForACheckpointIsInTheOneThatSealsTheOldObjects() => CrashPoints.Check(static world =>
    {
        bool fails = false;
        BeginWithOwn(world, () => fails);
        world.Seal();
        world.Append(4, "web", 700);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        world.Append(4, "web", 700);
        world.CommitAll();
        world.Pack();
        int failures = 0;
        world.Trouble = call => call.Site == SyncSite.Checkpoint && failures++ == 0 ? new IOException("fails") : null;
        Assert.False(world.GiveUpOldest());
        fails = true;
        Assert.False(world.Pack());
        failures = -1;
        world.Trouble = call => call.Site == SyncSite.Checkpoint && ++failures == 2 ? new IOException("fails") : null;
        world.Pack();
        world.Trouble = null;
        GoOn(world);
        Assert.Equal(5, world.Lane.Log.Dropped[DropCause.GivenUp]);
    });

    // Each try takes the object's bytes into account anew: a disk that is full for hours must not fill the budget too.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFileThatCannotBeMovedIsCountedOnce(bool isAtHand)
    {
        long[] used = [0, 0];
        for (int i = 0; i < 2; i++)
        {
            JournalWorld world = JournalWorld.Create();
            BeginWithOwn(world);
            world.Kill();
            world.Lanes[0].Compressor = isAtHand ? world.Lanes[0].Compressor : null;
            world.Lanes[0].Packing = isAtHand ? world.Lanes[0].Packing : _zstd;
            world.Open();
            if (i > 0)
            {
                (int syncs, int writes) = (0, 0);
                world.Trouble = call =>
                    (call.Site == SyncSite.StagedObject && syncs++ == 0) || (syncs > 0 && call.Kind == DiskCallKind.Create && writes++ < 3) ? new IOException("fails") : null;
            }

            world.Append(4, "web", 700);
            world.CommitAll();
            Assert.Equal(i == 0, world.Pack() && world.Checkpoint());
            world.Trouble = null;
            GoOn(world);
            used[i] = world.Lane.DiskBytes;
        }

        Assert.Equal(used[0], used[1]);
    }

    // Rot in the frames of the finished object costs those frames.
    [Fact]
    public void RotInTheOldObjectIsFoundWhenItIsSealed()
    {
        JournalWorld world = JournalWorld.Create();
        BeginWithOwn(world);
        string file = world.Disk.ListFiles().First(name => name.EndsWith(".object", StringComparison.Ordinal));
        world.Disk.FlipBit(file, 30, 2);
        world.Kill();
        world.Lanes[0].MayReportDamage = true;
        world.Oracle.MayMissAny = true;
        world.Lanes[0].Compressor = null;
        world.Lanes[0].Packing = _zstd;
        world.Open();
        GoOn(world);
        Assert.True(world.Lane.Log.Dropped[DropCause.Damaged] > 0);
        world.Check();
    }

    private static readonly PackingSettings _zstd = new("ndjson", Compression.Zstd, 1, "yyyy/MM/dd", "UTC");

    private static void BeginWithOwn(JournalWorld world, Func<bool>? fails = null)
    {
        world.Lanes[0].Compressor = OwnCompressor.Find(_ => _ = fails?.Invoke() == true ? throw new InvalidOperationException("boom") : 0);
        world.Lanes[0].Packing = _zstd with { Custom = world.Lanes[0].Compressor!.Kind };
        Begin(world);
    }

    private static void BeginWithXz(JournalWorld world)
    {
        world.Lanes[0].Packing = _zstd with { Compression = Compression.Xz, Level = 0 };
        Begin(world);
    }

    private static void Begin(JournalWorld world)
    {
        world.Open();
        world.Append(4, "web", 700);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        world.Append(1, "web", 300);
        world.Append(1, "a", 100);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
    }

    private static void GoOn(JournalWorld world)
    {
        world.Append(3, "web", 700);
        world.CommitAll();
        world.Pack();
        world.Seal();
        while (world.Deliver())
        {
        }
    }

    /// <summary>Of the stream "web", in the order of its objects.</summary>
    private static string[] Compressions(JournalWorld world) =>
        [.. BucketObject.ReadAll(world.Disk).Select(found => found.Metadata).Where(found => found.Stream == "web").OrderBy(found => found.Ordinal).Select(found => found.Compression)];
}
