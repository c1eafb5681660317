namespace Integration.Tests.Support;

/// <summary>
/// A directory of one test, for a journal. In memory where there is room: syncing is tested elsewhere, and small objects
/// take two syncs each.
/// </summary>
/// <param name="onDisk">On a disk all the same, for tests of what syncs and space cost.</param>
internal sealed class TestDirectory(bool onDisk = false) : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long Room = 1L << 30;

    private readonly DirectoryInfo _root = Directory.CreateDirectory(System.IO.Path.Combine(onDisk ? System.IO.Path.GetTempPath() : Parent, $"s3journal-{Guid.NewGuid():N}"));

    public string Path => System.IO.Path.Combine(_root.FullName, "local");

    private static string Parent => Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= Room ? Memory : System.IO.Path.GetTempPath();

    public void Dispose() => _root.Delete(recursive: true);
}
