using System.Globalization;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Load;

/// <summary>
/// A journal's directory, with its calls counted, and the descriptors of this process that lead into it. On a file system in
/// memory, where there is one: syncs are counted here, and not waited for.
/// </summary>
internal sealed class DiskWatch : IDisposable
{
    /// <summary>A look at the descriptors at each so many files made; more would slow down what is measured.</summary>
    private const int FilesBetweenLooks = 64;

    private readonly DirectoryInfo _root = Directory.CreateDirectory(System.IO.Path.Combine(Parent, $"s3journal-{Guid.NewGuid():N}"));
    private readonly Lock _lock = new();

    // Owned by _lock.
    private readonly CallCounts _counts = new();
    private int _mostDescriptors;

    private static string Parent => Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath();

    public string Path => System.IO.Path.Combine(_root.FullName, "local");

    /// <summary>The most descriptors that were open at any look.</summary>
    public int MostDescriptors
    {
        get
        {
            lock (_lock)
            {
                return _mostDescriptors;
            }
        }
    }

    public StorageDirectory Open(string path) => new HookedDirectory(DiskDirectory.OpenPath(path), Count);

    public long Calls(DiskCallKind kind)
    {
        lock (_lock)
        {
            return _counts[kind];
        }
    }

    public long Syncs(params SyncSite[] sites)
    {
        lock (_lock)
        {
            return sites.Sum(_counts.SyncsOf);
        }
    }

    public long AllSyncs => Syncs(Enum.GetValues<SyncSite>());

    public void Reset()
    {
        lock (_lock)
        {
            _counts.Reset();
            _mostDescriptors = 0;
        }
    }

    public void LookAtDescriptors()
    {
        int open = new DirectoryInfo("/proc/self/fd").GetFileSystemInfos().Count(fd => fd.LinkTarget?.StartsWith(_root.FullName, StringComparison.Ordinal) == true);
        lock (_lock)
        {
            _mostDescriptors = Math.Max(_mostDescriptors, open);
        }
    }

    public void Dispose() => _root.Delete(recursive: true);

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{_counts}, {_mostDescriptors} descriptors");
        }
    }

    private void Count(DiskCall call)
    {
        bool look;
        lock (_lock)
        {
            _counts.Add(call);
            look = call.Kind == DiskCallKind.Create && _counts[DiskCallKind.Create] % FilesBetweenLooks == 0;
        }

        if (look && OperatingSystem.IsLinux())
        {
            LookAtDescriptors();
        }
    }
}
