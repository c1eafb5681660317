using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Storage;

public sealed class MemoryDiskPowerLossStorageTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void AnUnsyncedWriteIsLost()
    {
        using StorageFile file = CreateDurable("a", 100);
        file.Write(50, Bytes(100, 2));
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Equal(Bytes(100, 1), _disk.ReadFile("a"));
    }

    [Fact]
    public void AnUnsyncedWriteMayBeKept()
    {
        using StorageFile file = CreateDurable("a", 100);
        file.Write(100, Bytes(100, 2));
        _disk.PowerLoss(PowerLossChoice.AllKept);
        Assert.Equal([.. Bytes(100, 1), .. Bytes(100, 2)], _disk.ReadFile("a"));
    }

    [Fact]
    public void ALostWriteMayLeaveZeroes()
    {
        using StorageFile file = CreateDurable("a", 100);
        file.Write(100, Bytes(100, 2));
        _disk.PowerLoss(new ScriptedPowerLoss { Write = (_, _) => WriteFate.LostWithLength });
        Assert.Equal([.. Bytes(100, 1), .. Bytes(100, 0)], _disk.ReadFile("a"));
    }

    [Theory]
    [InlineData(1, 512)]
    [InlineData(2, 1024)]
    [InlineData(9, 1536)]
    public void AWriteIsTornAtASector(int tear, int length)
    {
        using StorageFile file = CreateDurable("a", 100);
        file.Write(100, Bytes(1900, 2));
        _disk.PowerLoss(new ScriptedPowerLoss { Write = (_, _) => WriteFate.Torn, Tear = _ => tear });
        Assert.Equal([.. Bytes(100, 1), .. Bytes(length - 100, 2)], _disk.ReadFile("a"));
    }

    [Fact]
    public void AWriteInsideOneSectorIsNotTorn()
    {
        using StorageFile file = CreateDurable("a", 100);
        file.Write(100, Bytes(412, 2));
        _disk.PowerLoss(new ScriptedPowerLoss { Write = (_, _) => WriteFate.Torn });
        Assert.Equal(Bytes(100, 1), _disk.ReadFile("a"));
    }

    [Fact]
    public void WritesAreKeptOneByOne()
    {
        using StorageFile file = CreateDurable("a", 2);
        file.Write(0, Bytes(1, 2));
        file.Write(1, Bytes(1, 3));
        _disk.PowerLoss(new ScriptedPowerLoss { Write = (_, offset) => offset == 0 ? WriteFate.Lost : WriteFate.Kept });
        Assert.Equal([1, 3], _disk.ReadFile("a"));
    }

    [Theory]
    [InlineData(true, 10)]
    [InlineData(false, 100)]
    public void ATruncateIsKeptOrLost(bool kept, int length)
    {
        using StorageFile file = CreateDurable("a", 100);
        file.Truncate(10);
        _disk.PowerLoss(new ScriptedPowerLoss { Truncate = _ => kept });
        Assert.Equal(Bytes(length, 1), _disk.ReadFile("a"));
    }

    [Fact]
    public void SyncedBytesUnderALostNameAreGone()
    {
        using StorageFile file = _disk.Root.Create("a");
        file.Write(0, Bytes(10, 1));
        file.Sync(SyncSite.Commit);
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Empty(_disk.ListFiles());
    }

    [Fact]
    public void ADeletedFileComesBackWithItsSyncedBytes()
    {
        CreateDurable("a", 10).Dispose();
        _disk.Root.Delete("a");
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Equal(Bytes(10, 1), _disk.ReadFile("a"));
    }

    [Fact]
    public void ASyncedDeleteStays()
    {
        CreateDurable("a", 10).Dispose();
        _disk.Root.Delete("a");
        _disk.Root.SyncNames(SyncSite.StagedNames);
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Empty(_disk.ListFiles());
    }

    [Theory]
    [InlineData(0, 0, "a=1 b=2")]
    [InlineData(0, 1, "a=1 b=1")]
    [InlineData(1, 1, "b=1")]
    [InlineData(1, 0, "b=1")]
    public void ARenameMayShowEitherNameOrBothButNeverNone(int from, int to, string expected)
    {
        CreateDurable("a", 1, 1).Dispose();
        CreateDurable("b", 1, 2).Dispose();
        _disk.Root.Rename("a", "b");
        _disk.PowerLoss(new ScriptedPowerLoss { Name = (path, _) => path.EndsWith('a') ? from : to });
        Assert.Equal(expected, string.Join(' ', _disk.ListFiles().Select(name => $"{name}={_disk.ReadFile(name)[0]}")));
    }

    [Fact]
    public void RenamesInARowLeaveEachFileSomewhere()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            MemoryDisk disk = _disk.Clone();
            CreateDurable(disk, "a", 1, 1).Dispose();
            CreateDurable(disk, "b", 1, 2).Dispose();
            disk.Root.Rename("b", "c");
            disk.Root.Rename("a", "b");
            disk.PowerLoss(seed);
            Assert.Equal<byte>([1, 2], disk.ListFiles().Select(name => disk.ReadFile(name)[0]).Distinct().Order().ToArray());
        }
    }

    [Fact]
    public void ALostDirectoryTakesItsFilesWithIt()
    {
        _disk.IgnoredSites.Add(SyncSite.JournalDirectory);
        StorageDirectory child = _disk.Root.CreateDirectory("d", SyncSite.JournalDirectory);
        child.Create("a").Dispose();
        child.SyncNames(SyncSite.StagedNames);
        MemoryDisk other = _disk.Clone();
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Empty(_disk.Root.List());
        other.PowerLoss(PowerLossChoice.AllKept);
        Assert.Equal(["d/a"], other.ListFiles());
    }

    [Fact]
    public void ASecondSyncDoesNotMendAFailedOne()
    {
        using StorageFile file = CreateDurable("a", 10);
        file.Write(10, Bytes(10, 2));
        _disk.FailNth(1, () => new IOException("broken"));
        Assert.Throws<IOException>(() => file.Sync(SyncSite.Commit));
        file.Sync(SyncSite.Commit);
        file.Write(20, Bytes(10, 3));
        file.Sync(SyncSite.Commit);
        Assert.Equal([.. Bytes(10, 1), .. Bytes(10, 2), .. Bytes(10, 3)], _disk.ReadFile("a"));

        MemoryDisk lucky = _disk.Clone();
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Equal([.. Bytes(10, 1), .. Bytes(10, 0), .. Bytes(10, 3)], _disk.ReadFile("a"));
        lucky.PowerLoss(PowerLossChoice.AllKept);
        Assert.Equal([.. Bytes(10, 1), .. Bytes(10, 2), .. Bytes(10, 3)], lucky.ReadFile("a"));
    }

    [Fact]
    public void AnIgnoredSiteMakesNothingDurable()
    {
        _disk.IgnoredSites.UnionWith([SyncSite.Commit, SyncSite.SegmentName]);
        using StorageFile file = CreateDurable("a", 10);
        file.Write(0, Bytes(10, 2));
        file.Sync(SyncSite.Commit);
        _disk.Root.Delete("a");
        _disk.Root.SyncNames(SyncSite.SegmentName);
        Assert.Equal(1, _disk.Counts.SyncsOf(SyncSite.Commit));
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Equal(Bytes(10, 1), _disk.ReadFile("a"));
    }

    [Fact]
    public void ReplaceShowsTheOldBytesOrTheNewOnes()
    {
        HashSet<byte> seen = [];
        CreateDurable("a", 5000, 1).Dispose();
        _disk.Root.Replace("a", Bytes(5000, 2), SyncSite.Checkpoint);
        for (ulong seed = 0; seed < 50; seed++)
        {
            MemoryDisk disk = _disk.Clone();
            disk.PowerLoss(seed);
            byte first = disk.ReadFile("a")[0];
            Assert.Equal(Bytes(5000, first), disk.ReadFile("a"));
            seen.Add(first);
        }

        Assert.Equal<byte>([1, 2], seen.Order().ToArray());
    }

    [Fact]
    public unsafe void EachPageOfAMapIsChosenAlone()
    {
        CreateDurable("ring", 3 * 4096, 1).Dispose();
        using StorageMap map = _disk.Root.Map("ring");
        map.Address[0] = 2;
        map.Address[4096] = 2;
        _disk.PageWriteback();
        map.Address[4096] = 3;
        map.Address[8192] = 3;

        MemoryDisk earlier = _disk.Clone();
        int images = 0;
        earlier.PowerLoss(new ScriptedPowerLoss { Page = (_, offset) => offset != 4096 || images++ == 0 });
        Assert.Equal((2, 2, 3), FirstBytes(earlier));
        _disk.PowerLoss(new ScriptedPowerLoss { Page = (_, offset) => offset == 4096 });
        Assert.Equal((1, 3, 1), FirstBytes(_disk));
    }

    [Fact]
    public unsafe void AMappedFileThatWasDeletedComesBackWithItsPages()
    {
        CreateDurable("ring", 4096, 1).Dispose();
        using StorageMap map = _disk.Root.Map("ring");
        _disk.Root.Delete("ring");
        map.Address[0] = 2;
        _disk.PowerLoss(new ScriptedPowerLoss { Name = (_, _) => 0 });
        Assert.Equal(2, _disk.ReadFile("ring")[0]);
    }

    [Fact]
    public void TheSameSeedLeavesTheSame()
    {
        using StorageFile file = CreateDurable("a", 10);
        for (int i = 0; i < 50; i++)
        {
            file.Write(i * 700, Bytes(700, (byte)i));
        }

        MemoryDisk first = _disk.Clone();
        MemoryDisk second = _disk.Clone();
        first.PowerLoss(17);
        second.PowerLoss(17);
        Assert.Equal(first.ReadFile("a"), second.ReadFile("a"));
    }

    [Fact]
    public void AfterAPowerLossEverythingLeftIsDurable()
    {
        using StorageFile file = CreateDurable("a", 10);
        file.Write(0, Bytes(10, 2));
        _disk.Root.Create("b").Dispose();
        _disk.PowerLoss(PowerLossChoice.AllKept);
        _disk.PowerLoss(PowerLossChoice.AllLost);
        Assert.Equal(["a", "b"], _disk.ListFiles());
        Assert.Equal(Bytes(10, 2), _disk.ReadFile("a"));
    }

    private static (int, int, int) FirstBytes(MemoryDisk disk)
    {
        byte[] bytes = disk.ReadFile("ring");
        return (bytes[0], bytes[4096], bytes[8192]);
    }

    private static byte[] Bytes(int count, byte value) => [.. Enumerable.Repeat(value, count)];

    private static StorageFile CreateDurable(MemoryDisk disk, string name, int length, byte value)
    {
        StorageFile file = disk.Root.Create(name);
        file.Write(0, Bytes(length, value));
        file.Sync(SyncSite.StagedObject);
        disk.Root.SyncNames(SyncSite.StagedNames);
        return file;
    }

    private StorageFile CreateDurable(string name, int length, byte value = 1) => CreateDurable(_disk, name, length, value);
}
