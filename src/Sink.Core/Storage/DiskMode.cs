using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Sink.Core.Storage;

/// <summary>
/// Who may read what the journal writes: its owner. Files and directories are made with these modes, so they are never
/// wider even for a moment; a umask can only take bits away, and only the owner's are given back.
/// </summary>
internal static class DiskMode
{
    public const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Directory = File | UnixFileMode.UserExecute;

    public static void RestoreFile(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(handle) & File) != File)
        {
            System.IO.File.SetUnixFileMode(handle, File);
        }
    }

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(path);
        }
        else
        {
            System.IO.Directory.CreateDirectory(path, Directory);
            RestoreDirectory(path);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void RestoreDirectory(string path)
    {
        UnixFileMode mode = System.IO.File.GetUnixFileMode(path);
        if ((mode & Directory) != Directory)
        {
            System.IO.File.SetUnixFileMode(path, mode | Directory);
        }
    }
}
