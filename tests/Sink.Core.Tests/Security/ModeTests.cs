using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;
using Sink.Core.Tests.Storage;

namespace Sink.Core.Tests.Security;

/// <summary>Nobody but the owner may read or write what a journal makes, at any moment of its life and whatever the umask. The umask is the process's: alone.</summary>
[Collection(typeof(StorageProcessWide))]
[UnsupportedOSPlatform("windows")]
public sealed partial class ModeTests : IDisposable
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _root = Directory.CreateTempSubdirectory("modes-").FullName;
    private readonly ConcurrentDictionary<string, UnixFileMode> _seen = new();
    private readonly ConcurrentBag<string> _open = [];
    private readonly JournalBench _bench = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(0b000_111_111)]
    [InlineData(0b111_111_111)]
    public async Task EveryFileAndDirectoryIsTheOwnersAlone(int umask)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no modes");
        int before = SetUmask(umask);
        try
        {
            await LiveAsync();
        }
        finally
        {
            _ = SetUmask(before);
        }

        Look();
        Assert.Empty(_open);
        string[] kinds = ["lock", "owner", "identity", "ring", "checkpoint", "ballast", ".segment", ".sealed", ".object", ".damaged", ".meta", ".tmp", ".ndjson"];
        Assert.All(kinds, kind => Assert.Contains(_seen.Keys, path => Path.GetFileName(path).Contains(kind, StringComparison.Ordinal)));
        Assert.All(_seen.Where(pair => File.Exists(pair.Key)), pair => Assert.Equal(DiskMode.File, File.GetUnixFileMode(pair.Key)));
        Assert.All(Directory.GetDirectories(_root, "*", SearchOption.AllDirectories), path => Assert.Equal(DiskMode.Directory, File.GetUnixFileMode(path)));
    }

    /// <summary>A life that makes every kind of file: a backlog, a rotten object that is set aside, a ring elsewhere, objects in a directory.</summary>
    private async Task LiveAsync()
    {
        string store = Path.Join(_root, "store");
        File.WriteAllText(store, "in the store's place: it is away");
        File.SetUnixFileMode(store, DiskMode.File);
        using (Journal journal = Open(TimeSpan.Zero))
        {
            for (int i = 0; i < 100; i++)
            {
                JournalBench.Append(journal, i, "orders/" + (i % 3), length: 1000);
            }

            JournalBench.Until(() => journal.GetStats().Queue.Enqueued >= 3);
            JournalBench.Until(() => Directory.EnumerateFiles(Path.Join(_root, "journal", "0"), "ballast").Any());
            Look();
        }

        File.Delete(store);
        string data = Directory.EnumerateFiles(Path.Join(_root, "journal", "0")).First(path => path.EndsWith(".object", StringComparison.Ordinal));
        using (FileStream rot = new(data, FileMode.Open, FileAccess.ReadWrite))
        {
            int first = rot.ReadByte();
            rot.Position = 0;
            rot.WriteByte((byte)~first);
        }

        using Journal next = Open(JournalBench.Generous);
        await next.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.True(next.GetStats().Uploaded > 0);
    }

    private Journal Open(TimeSpan shutdownTimeout) => _bench.Open(o =>
    {
        o.LocalDirectory = Path.Join(_root, "journal");
        o.RingDirectory = Path.Join(_root, "rings");
        o.Destination = new Uri(Path.Join(_root, "store")).AbsoluteUri;
        o.MaxObjectAge = TimeSpan.FromMilliseconds(10);
        o.ShutdownTimeout = shutdownTimeout;
        o.OpenDirectory = path => new HookedDirectory(DiskDirectory.OpenPath(path), _ => Look());
    });

    /// <summary>Before each call of the journal's, so that a file that is made wide and narrowed later is caught.</summary>
    private void Look()
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(_root, "*", SearchOption.AllDirectories))
        {
            try
            {
                UnixFileMode mode = File.GetUnixFileMode(path);
                _seen[path] = mode;
                if ((mode & Others) != 0)
                {
                    _open.Add($"{path} {mode}");
                }
            }
            catch (IOException)
            {
                // Gone again.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetUmask(int mask);
}
