using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Sink.Core.Storage;

namespace Sink.Core.Tests.Storage;

[Collection(typeof(StorageProcessWide))]
[UnsupportedOSPlatform("windows")]
public sealed partial class DiskModeStorageTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("storage-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(0b000_111_111)]
    [InlineData(0b111_111_111)]
    public void OnlyTheOwnerMayTouchWhateverTheUmask(int umask)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no modes");
        int before = SetUmask(umask);
        try
        {
            DiskDirectory root = DiskDirectory.OpenPath(Path.Join(_path, "made"));
            root.Create("file").Dispose();
            root.TryLock("lock")!.Dispose();
            root.CreateDirectory("directory", SyncSite.JournalDirectory);
        }
        finally
        {
            _ = SetUmask(before);
        }

        Assert.Equal("600", Mode("made/file"));
        Assert.Equal("600", Mode("made/lock"));
        Assert.Equal("700", Mode("made/directory"));
        Assert.Equal("700", Mode("made"));
    }

    [Fact]
    public void ALockExcludesWhereDotnetIsToldNotToLock()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no flock");
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(DiskModeStorageTests).Assembly.Location);
        }

        string method = $"{typeof(DiskStorageTests).FullName}.{nameof(StorageBehaviour.ALockExcludesTheSecond)}";
        start.ArgumentList.Add("-method");
        start.ArgumentList.Add(method);
        start.Environment["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1";
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0 && output.Contains("Total: 1", StringComparison.Ordinal), output);
    }

    private string Mode(string name) => Convert.ToString((int)File.GetUnixFileMode(Path.Join(_path, name)), 8);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetUmask(int mask);
}
