using System.Runtime.InteropServices;
using Sink.Core;

namespace Benchmarks.Measuring;

/// <summary>Where and how long is measured.</summary>
internal sealed partial class Bench(string directory, bool quick)
{
    public string Directory => directory;

    public bool Quick => quick;

    /// <summary>Length of a run that is measured by time.</summary>
    public TimeSpan Duration => TimeSpan.FromMilliseconds(quick ? 300 : 1500);

    /// <summary>Amount of a run that is measured by amount.</summary>
    public int Scaled(int full) => quick ? full / 8 : full;

    public string PathOf(string name) => Path.Join(directory, name);

    /// <summary>A journal's options; <paramref name="destination"/> null is a <c>file://</c> directory beside it.</summary>
    public JournalOptions Options(Uri? destination = null) => new()
    {
        LocalDirectory = PathOf("local"),
        Destination = (destination ?? new Uri(PathOf("bucket"))).AbsoluteUri,
        ReportToStandardError = false,
        MinFreeDiskBytes = 0,
        MaxDiskBytes = 16L << 30,
        StallAfter = TimeSpan.FromMinutes(1),
        ShutdownTimeout = TimeSpan.Zero,
    };

    /// <summary>A destination that takes nothing: it lies below a regular file.</summary>
    public Uri Unreachable()
    {
        string blocker = PathOf("blocker");
        File.WriteAllText(blocker, "");
        return new Uri(Path.Join(blocker, "bucket"));
    }

    /// <summary>An empty directory, a collected heap, and nothing of an earlier run on its way to the disk.</summary>
    public void Clear()
    {
        if (System.IO.Directory.Exists(directory))
        {
            System.IO.Directory.Delete(directory, recursive: true);
        }

        System.IO.Directory.CreateDirectory(directory);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        if (!OperatingSystem.IsWindows())
        {
            Sync();
        }
    }

    [LibraryImport("libc", EntryPoint = "sync")]
    private static partial void Sync();
}
