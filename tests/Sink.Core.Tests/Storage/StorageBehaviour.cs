using Sink.Core.Storage;

namespace Sink.Core.Tests.Storage;

/// <summary>What holds for every kind of storage; the derived classes run it on a disk and in memory.</summary>
public abstract class StorageBehaviour
{
    private protected abstract StorageDirectory Root { get; }

    [Fact]
    public void WhatWasWrittenIsRead()
    {
        using StorageFile file = Root.Create("a");
        file.Write(0, "hello"u8);
        file.Write(3, "p!"u8);
        Assert.Equal(5, file.Length);
        Assert.Equal("help!"u8.ToArray(), Root.ReadAll("a"));
        Assert.Equal("a", file.Name);
    }

    [Fact]
    public void AReadStopsAtTheEndOfTheFile()
    {
        using StorageFile file = Root.Create("a");
        file.Write(0, "hello"u8);
        byte[] buffer = new byte[10];
        Assert.Equal(2, file.Read(3, buffer));
        Assert.Equal(0, file.Read(5, buffer));
        Assert.Equal(0, file.Read(500, buffer));
    }

    [Fact]
    public void AGapBeyondTheEndReadsAsZeroes()
    {
        using StorageFile file = Root.Create("a");
        file.Write(10_000, "x"u8);
        byte[] bytes = Root.ReadAll("a")!;
        Assert.Equal(10_001, bytes.Length);
        Assert.All(bytes[..10_000], b => Assert.Equal(0, b));
        Assert.Equal((byte)'x', bytes[10_000]);
    }

    [Fact]
    public void AHoleIsFound()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There every file has its place, but for those that ask to have holes.");
        const int large = 1 << 20;
        using StorageFile file = Root.Create("a");
        file.Write(0, new byte[large]);
        file.Sync(SyncSite.Ring);
        Assert.False(file.HasHoles());
        file.Write(2 * large, "x"u8);
        file.Sync(SyncSite.Ring);
        Assert.True(file.HasHoles());
    }

    [Fact]
    public void ATruncatedFileGrowsAgainWithZeroes()
    {
        using StorageFile file = Root.Create("a");
        file.Write(0, "hello"u8);
        file.Truncate(2);
        file.Truncate(4);
        Assert.Equal("he\0\0"u8.ToArray(), Root.ReadAll("a"));
    }

    [Fact]
    public void AFileIsNotMadeTwice()
    {
        Root.Create("a").Dispose();
        Assert.ThrowsAny<IOException>(() => Root.Create("a"));
    }

    [Fact]
    public void WhatIsMissingIsNull()
    {
        Assert.Null(Root.Open("a"));
        Assert.Null(Root.ReadAll("a"));
        Assert.Null(Root.OpenDirectory("a"));
    }

    [Fact]
    public void AFileOpenedForReadingIsNotWritten()
    {
        Root.Create("a").Dispose();
        using StorageFile file = Root.Open("a")!;
        Assert.Throws<UnauthorizedAccessException>(() => file.Write(0, "x"u8));
    }

    [Fact]
    public void ADisposedFileRefuses()
    {
        StorageFile file = Root.Create("a");
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read(0, new byte[1]));
    }

    [Fact]
    public void RenameReplaces()
    {
        Put("a", "new");
        Put("b", "old");
        Root.Rename("a", "b");
        Assert.Equal(["b"], Names());
        Assert.Equal("new"u8.ToArray(), Root.ReadAll("b"));
    }

    [Fact]
    public void RenameOfAMissingFileFails() => Assert.ThrowsAny<IOException>(() => Root.Rename("a", "b"));

    [Fact]
    public void TryRenameDoesNotReplace()
    {
        Put("a", "new");
        Put("b", "old");
        Assert.False(Root.TryRename("a", "b"));
        Assert.True(Root.TryRename("a", "c"));
        Assert.Equal(["b", "c"], Names());
        Assert.Equal("old"u8.ToArray(), Root.ReadAll("b"));
        Assert.Equal("new"u8.ToArray(), Root.ReadAll("c"));
        Assert.ThrowsAny<IOException>(() => Root.TryRename("a", "d"));
    }

    [Fact]
    public void ReplaceLeavesTheNewBytesAndNoTemporary()
    {
        Root.Replace("a", "one"u8, SyncSite.Checkpoint);
        Root.Replace("a", "two"u8, SyncSite.Checkpoint);
        Root.SyncNames(SyncSite.CheckpointNames);
        Assert.Equal(["a"], Names());
        Assert.Equal("two"u8.ToArray(), Root.ReadAll("a"));
    }

    [Fact]
    public void DeleteOfAMissingFileIsNoError()
    {
        Put("a", "x");
        Root.Delete("a");
        Root.Delete("a");
        Assert.Empty(Names());
    }

    [Fact]
    public void ADeletedFileIsReadableByWhoHasItOpen()
    {
        Put("a", "x");
        using StorageFile file = Root.Open("a")!;
        Root.Delete("a");
        Assert.Equal(1, file.Read(0, new byte[1]));
    }

    [Fact]
    public void ListNamesFilesAndDirectories()
    {
        Put("a", "abc");
        Put(".hidden", "");
        Root.CreateDirectory("d", SyncSite.JournalDirectory);
        StorageEntry[] expected = [new(".hidden", 0, false), new("a", 3, false), new("d", 0, true)];
        Assert.Equal(expected, Root.List().OrderBy(e => e.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void ADirectoryIsMadeOnce()
    {
        StorageDirectory first = Root.CreateDirectory("d", SyncSite.JournalDirectory);
        first.Create("a").Dispose();
        StorageDirectory second = Root.CreateDirectory("d", SyncSite.JournalDirectory);
        Assert.Single(second.List());
        Assert.Single(Root.OpenDirectory("d")!.List());
        Assert.Equal(Path.Join(Root.Path, "d"), second.Path);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public void ANameDoesNotLeadOutOfTheDirectory(string name) => Assert.ThrowsAny<IOException>(() => Root.Create(name));

    [Fact]
    public unsafe void StoresToAMapAreInTheFile()
    {
        using (StorageFile file = Root.Create("ring"))
        {
            file.Write(0, new byte[8192]);
            file.Sync(SyncSite.Ring);
        }

        StorageMap map = Root.Map("ring");
        Assert.Equal(8192, map.Length);
        map.Address[5000] = 7;
        Assert.Equal(7, Root.ReadAll("ring")![5000]);
        map.Dispose();
        map.Dispose();
        Assert.Equal(7, Root.ReadAll("ring")![5000]);
    }

    [Fact]
    public void AnEmptyOrMissingFileIsNotMapped()
    {
        Put("a", "");
        Assert.ThrowsAny<IOException>(() => Root.Map("a"));
        Assert.ThrowsAny<IOException>(() => Root.Map("b"));
    }

    [Fact]
    public void ALockExcludesTheSecond()
    {
        IDisposable first = Root.TryLock("lock")!;
        Assert.NotNull(first);
        Assert.Null(Root.TryLock("lock"));
        first.Dispose();
        using IDisposable? second = Root.TryLock("lock");
        Assert.NotNull(second);
        Assert.Equal(["lock"], Names());
    }

    [Fact]
    public void SpaceIsKnown()
    {
        VolumeSpace space = Root.GetSpace();
        Assert.InRange(space.FreeBytes, 1, space.TotalBytes);
    }

    private protected void Put(string name, string content)
    {
        using StorageFile file = Root.Create(name);
        file.Write(0, System.Text.Encoding.UTF8.GetBytes(content));
    }

    private IEnumerable<string> Names() => Root.List().Select(e => e.Name).Order(StringComparer.Ordinal);
}
