using System.Globalization;
using System.Runtime.InteropServices;

namespace Benchmarks.Results;

/// <summary>What the figures were made on.</summary>
internal sealed record Machine(string Processor, int Cores, double MemoryGiB, string Kernel, string FileSystem, string Runtime, double LoadBefore)
{
    /// <param name="directory">Where the data lies during the runs.</param>
    public static Machine Describe(string directory) => new(
        FirstValue("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        $"{RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version}",
        FileSystemOf(directory),
        RuntimeInformation.FrameworkDescription,
        Load());

    private static string? FirstValue(string file, string name) => !File.Exists(file)
        ? null
        : File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();

    private static string FileSystemOf(string directory)
    {
        string path = Path.GetFullPath(directory);
        DriveInfo? drive = DriveInfo.GetDrives()
            .Where(drive => path.StartsWith(drive.RootDirectory.FullName, StringComparison.Ordinal))
            .MaxBy(static drive => drive.RootDirectory.FullName.Length);
        return drive is { IsReady: true } ? drive.DriveFormat : "unknown";
    }

    private static double Load() => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : 0;
}
