using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Storage;

public sealed class MemoryDiskStorageTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void AKillKeepsThePageCache()
    {
        Put("a", 100);
        _disk.KillProcess();
        Assert.Equal(100, _disk.Root.ReadAll("a")!.Length);
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Empty(_disk.ListFiles());
    }

    [Fact]
    public void HandlesOfADeadProcessRefuse()
    {
        StorageDirectory root = _disk.Root;
        StorageFile file = root.Create("a");
        _disk.KillProcess();
        Assert.Throws<StaleHandleException>(() => file.Write(0, new byte[1]));
        Assert.Throws<StaleHandleException>(() => file.Length);
        Assert.Throws<StaleHandleException>(() => file.Sync(SyncSite.Commit));
        Assert.Throws<StaleHandleException>(() => root.Create("b"));
        file.Dispose();
        Assert.Equal(["a"], _disk.ListFiles());
    }

    [Fact]
    public void AKillReleasesLocks()
    {
        IDisposable old = _disk.Root.TryLock("lock")!;
        _disk.KillProcess();
        using IDisposable? taken = _disk.Root.TryLock("lock");
        Assert.NotNull(taken);
        old.Dispose();
        Assert.Null(_disk.Root.TryLock("lock"));
    }

    [Fact]
    public unsafe void AKillTakesMapsOff()
    {
        PutDurable("ring", 4096);
        using StorageMap map = _disk.Root.Map("ring");
        map.Address[1] = 2;
        _disk.KillProcess();
        map.Address[1] = 3;
        Assert.Equal(2, _disk.ReadFile("ring")[1]);
        Assert.Equal(3, map.Address[1]);
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Equal(1, _disk.ReadFile("ring")[1]);
    }

    [Fact]
    public unsafe void WritesAndStoresMeetInAMap()
    {
        PutDurable("ring", 8192);
        using StorageMap map = _disk.Root.Map("ring");
        using StorageMap second = _disk.Root.Map("ring");
        using StorageFile file = _disk.Root.Open("ring", writable: true)!;
        file.Write(4095, [8, 9]);
        map.Address[0] = 7;
        Assert.Equal((8, 9), (map.Address[4095], second.Address[4096]));
        file.Sync(SyncSite.Ring);
        _disk.PowerLoss(PowerLossChoice.AllLost);
        byte[] bytes = _disk.ReadFile("ring");
        Assert.Equal((7, 8, 9), (bytes[0], bytes[4095], bytes[4096]));
    }

    [Fact]
    public void OnlyWrittenAndSyncedBytesAreMapped()
    {
        using StorageFile file = _disk.Root.Create("ring");
        file.Truncate(8192);
        file.Sync(SyncSite.Ring);
        Assert.Throws<UnsafeMappingException>(() => _disk.Root.Map("ring"));
        file.Write(0, new byte[8192]);
        Assert.Throws<UnsafeMappingException>(() => _disk.Root.Map("ring"));
        _disk.FailNth(1, () => new IOException("broken"));
        Assert.Throws<IOException>(() => file.Sync(SyncSite.Ring));
        file.Sync(SyncSite.Ring);
        Assert.Throws<UnsafeMappingException>(() => _disk.Root.Map("ring"));
        PutDurable("other", 8192);
        using StorageMap map = _disk.Root.Map("other");
        Assert.Equal(8192, map.Length);
    }

    [Fact]
    public void AMappedFileIsNotTruncated()
    {
        PutDurable("ring", 8192);
        using StorageMap map = _disk.Root.Map("ring");
        using StorageFile file = _disk.Root.Open("ring", writable: true)!;
        Assert.Throws<UnsafeMappingException>(() => file.Truncate(4096));
    }

    [Fact]
    public void TheNthCallFailsOnce()
    {
        _disk.FailNth(2, () => new UnauthorizedAccessException("no"));
        _disk.Root.Create("a").Dispose();
        Assert.Throws<UnauthorizedAccessException>(() => _disk.Root.Create("b"));
        _disk.Root.Create("b").Dispose();
    }

    [Fact]
    public void AFaultSeesTheCall()
    {
        List<DiskCall> calls = [];
        _disk.Fault = call =>
        {
            calls.Add(call);
            return call.Kind == DiskCallKind.Write && call.Name.EndsWith(".seg", StringComparison.Ordinal) ? new IOException("broken") : null;
        };
        using StorageFile file = _disk.Root.Create("a.seg");
        Assert.Throws<IOException>(() => file.Write(3, new byte[5]));
        file.Sync(SyncSite.Commit);
        _disk.Root.Rename("a.seg", "b");
        Assert.Equal(
            [
                new DiskCall(DiskCallKind.Create, "/memory", "a.seg"),
                new DiskCall(DiskCallKind.Write, "/memory", "a.seg", null, 3, 5),
                new DiskCall(DiskCallKind.Sync, "/memory", "a.seg", SyncSite.Commit),
                new DiskCall(DiskCallKind.Rename, "/memory", "a.seg", Target: "b"),
            ],
            calls);
        Assert.Equal(0, file.Length);
    }

    [Theory]
    [InlineData(CrashMoment.Before, 0)]
    [InlineData(CrashMoment.During, 4096)]
    [InlineData(CrashMoment.After, 10_000)]
    public void AfterACrashNothingWorksUntilTheKill(object moment, int written)
    {
        StorageDirectory root = _disk.Root;
        using StorageFile file = root.Create("a");
        _disk.CrashAfterCall(1, (CrashMoment)moment);
        Assert.Throws<SimulatedCrashException>(() => file.Write(0, new byte[10_000]));
        Assert.True(_disk.HasCrashed);
        Assert.Throws<SimulatedCrashException>(() => file.Length);
        Assert.Throws<SimulatedCrashException>(() => root.List());
        _disk.KillProcess();
        Assert.Equal(written, Assert.Single(_disk.Root.List()).Length);
    }

    [Fact]
    public void MakingADirectoryCanCrashBeforeItsSync()
    {
        _disk.CrashAfterCall(1);
        Assert.Throws<SimulatedCrashException>(() => _disk.Root.CreateDirectory("d", SyncSite.JournalDirectory));
        _disk.KillProcess();
        Assert.NotNull(_disk.Root.OpenDirectory("d"));
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Null(_disk.Root.OpenDirectory("d"));
    }

    [Fact]
    public void AFullDiskTakesWhatFits()
    {
        _disk.CapacityBytes = 3 * 4096;
        using StorageFile file = _disk.Root.Create("a");
        IOException full = Assert.Throws<IOException>(() => file.Write(0, new byte[5 * 4096]));
        Assert.Equal(3 * 4096, file.Length);
        Assert.Equal(new VolumeSpace(0, 3 * 4096), _disk.Root.GetSpace());
        if (OperatingSystem.IsLinux())
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle device = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
            Assert.Equal(Assert.Throws<IOException>(() => RandomAccess.Write(device, new byte[1], 0)).HResult, full.HResult);
        }

        _disk.Root.Delete("a");
        Assert.Equal(0, _disk.FreeBytes);
        file.Dispose();
        Assert.Equal(3 * 4096, _disk.FreeBytes);
    }

    [Fact]
    public void OverwritingAndTruncatingKnowTheirSpace()
    {
        _disk.CapacityBytes = 4096;
        using StorageFile file = _disk.Root.Create("a");
        file.Truncate(1L << 40);
        Assert.Equal(4096, _disk.FreeBytes);
        file.Write(1L << 30, new byte[4096]);
        file.Write(1L << 30, new byte[4096]);
        Assert.Equal(0, _disk.FreeBytes);
        file.Truncate(0);
        Assert.Equal(4096, _disk.FreeBytes);
    }

    [Fact]
    public void CallsAndBytesAreCounted()
    {
        Put("a", 100);
        using StorageFile file = _disk.Root.Open("a")!;
        _ = file.Read(40, new byte[100]);
        _disk.Root.SyncNames(SyncSite.StagedNames);
        Assert.Equal("Create=1 Open=1 SyncNames=1 Read=1 Write=1 sync StagedNames=1 read=60 written=100", _disk.Counts.ToString());
        Assert.Equal(5, _disk.Counts.Total);
        _disk.Counts.Reset();
        Assert.Equal((0, 0), (_disk.Counts.Total, _disk.Counts.BytesRead));
    }

    [Fact]
    public void AFlippedBitIsFlippedEverywhere()
    {
        PutDurable("a", 10);
        using StorageFile file = _disk.Root.Open("a", writable: true)!;
        file.Write(5, [1, 1]);
        _disk.FlipBit("a", 5, 1);
        Assert.Equal(3, _disk.ReadFile("a")[5]);
        MemoryDisk kept = _disk.Clone();
        kept.PowerLoss(PowerLossChoice.AllKept);
        Assert.Equal(3, kept.ReadFile("a")[5]);
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Equal(3, _disk.ReadFile("a")[5]);
        Assert.Equal(1, _disk.ReadFile("a")[6]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _disk.FlipBit("a", 10, 0));
    }

    [Fact]
    public void ACloneIsIndependent()
    {
        PutDurable("a", 100);
        _disk.Root.CreateDirectory("d", SyncSite.JournalDirectory).Create("b").Dispose();
        MemoryDisk clone = _disk.Clone();
        using (StorageFile file = clone.Root.Open("a", writable: true)!)
        {
            file.Write(0, [9]);
            file.Sync(SyncSite.Commit);
        }

        clone.Root.OpenDirectory("d")!.Delete("b");
        Assert.Equal(["a", "d/b"], _disk.ListFiles());
        Assert.Equal(1, _disk.ReadFile("a")[0]);
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Equal(["a"], clone.ListFiles());
        Assert.Equal(9, clone.ReadFile("a")[0]);
        Assert.Equal(_disk.FreeBytes, clone.FreeBytes);
    }

    [Fact]
    public unsafe void ACloneHasThePagesOfAMap()
    {
        PutDurable("ring", 4096);
        using StorageMap map = _disk.Root.Map("ring");
        map.Address[0] = 2;
        MemoryDisk clone = _disk.Clone();
        map.Address[0] = 3;
        Assert.Equal(2, clone.ReadFile("ring")[0]);
        clone.PowerLoss(PowerLossChoice.AllLost);
        Assert.Equal(1, clone.ReadFile("ring")[0]);
    }

    [Fact]
    public void RenameOfTwoNamesOfOneFileDoesNothing()
    {
        PutDurable("a", 1);
        _disk.Root.Rename("a", "b");
        _disk.PowerLoss(new ScriptedPowerLoss { Name = (path, _) => path.EndsWith('a') ? 0 : 1 });
        _disk.Root.Rename("a", "b");
        Assert.Equal(["a", "b"], _disk.ListFiles());
        _disk.Root.Delete("a");
        Assert.Equal(["b"], _disk.ListFiles());
    }

    private void Put(string name, int length)
    {
        using StorageFile file = _disk.Root.Create(name);
        file.Write(0, [.. Enumerable.Repeat((byte)1, length)]);
    }

    private void PutDurable(string name, int length)
    {
        Put(name, length);
        using StorageFile file = _disk.Root.Open(name, writable: true)!;
        file.Sync(SyncSite.StagedObject);
        _disk.Root.SyncNames(SyncSite.StagedNames);
    }
}
