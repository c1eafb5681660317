using System.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Tests.Storage;

public sealed class DiskStorageTests : StorageBehaviour, IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("storage-").FullName;
    private readonly DiskDirectory _root;

    public DiskStorageTests()
    {
        _root = DiskDirectory.OpenPath(_path);
    }

    private protected override StorageDirectory Root => _root;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void EveryMissingAncestorIsMade()
    {
        string path = Path.Join(_path, "a", "b", "c");
        Assert.Equal(path, DiskDirectory.OpenPath(path + "/").Path);
        Assert.True(Directory.Exists(path));
        Assert.Throws<ArgumentException>(() => DiskDirectory.OpenPath("a/b"));
    }

    [Fact]
    public void AnAncestorMayBeALink()
    {
        Directory.CreateSymbolicLink(Path.Join(_path, "link"), Directory.CreateDirectory(Path.Join(_path, "real")).FullName);
        DiskDirectory.OpenPath(Path.Join(_path, "link", "d")).Create("a").Dispose();
        Assert.True(File.Exists(Path.Join(_path, "real", "d", "a")));
    }

    [Fact]
    public void APathThroughAFileIsNotWritable()
    {
        Put("a", "x");
        Assert.False(DiskDirectory.IsWritable(Path.Join(_path, "a", "b")));
        Assert.False(DiskDirectory.IsWritable("/proc/journal"));
        Assert.True(DiskDirectory.IsWritable(Path.Join(_path, "b")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Join(_path, "b")));
    }

    [Fact]
    public void AFailureNamesThePath()
    {
        string gone = Path.Join(_path, "d");
        StorageDirectory directory = Root.CreateDirectory("d", SyncSite.JournalDirectory);
        Directory.Delete(gone);
        Assert.Contains(gone, Assert.ThrowsAny<IOException>(() => directory.SyncNames(SyncSite.StagedNames)).Message, StringComparison.Ordinal);
        Assert.Contains(gone, Assert.ThrowsAny<IOException>(() => directory.Create("a")).Message, StringComparison.Ordinal);
        Assert.Contains(gone, Assert.ThrowsAny<IOException>(() => directory.List()).Message, StringComparison.Ordinal);
        Assert.Contains(gone, Assert.ThrowsAny<IOException>(() => directory.TryRename("a", "b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALockOfAnotherProcessExcludes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "needs flock");
        string file = Path.Join(_path, "lock");
        using (Process holder = Start("/usr/bin/flock", ["-n", file, "sh", "-c", "echo held; read line"]))
        {
            Assert.Equal("held", holder.StandardOutput.ReadLine());
            Assert.Null(Root.TryLock("lock"));
            holder.StandardInput.Close();
            holder.WaitForExit();
        }

        using IDisposable? mine = Root.TryLock("lock");
        Assert.NotNull(mine);
        using Process second = Start("/usr/bin/flock", ["-n", file, "true"]);
        second.WaitForExit();
        Assert.Equal(1, second.ExitCode);
    }

    [Fact]
    public void ALockIsNotInheritedByAChild()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs sh");
        IDisposable mine = Root.TryLock("lock")!;
        using Process child = Start("/bin/sh", ["-c", "echo started; read line"]);
        Assert.Equal("started", child.StandardOutput.ReadLine());
        mine.Dispose();
        using IDisposable? again = Root.TryLock("lock");
        Assert.NotNull(again);
        child.StandardInput.Close();
        child.WaitForExit();
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
