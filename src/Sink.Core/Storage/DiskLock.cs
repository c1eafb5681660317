using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Sink.Core.Storage;

/// <summary>
/// An exclusive lock on a file, held until disposed or until the process ends. The file is never deleted: a second
/// opener could lock the deleted file while a third locks its successor.
/// </summary>
internal static class DiskLock
{
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);

    public static IDisposable? TryTake(string path) => OperatingSystem.IsWindows() ? TryTakeOnWindows(path) : TryTakeOnUnix(path);

    private static FileStream? TryTakeOnWindows(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is SharingViolation or LockViolation)
        {
            return null;
        }
    }

    // FileShare.None would take the same flock, but an environment variable switches that off.
    [UnsupportedOSPlatform("windows")]
    private static SafeFileHandle? TryTakeOnUnix(string path)
    {
        MakeFile(path);
        SafeFileHandle handle = Libc.OpenForLock(path);
        try
        {
            if (!Libc.TryLock(handle, path))
            {
                handle.Dispose();
                return null;
            }

            using SafeFileHandle second = Libc.OpenForLock(path);
            if (Libc.TryLock(second, path))
            {
                throw new IOException($"The file system does not support locks: '{path}' could be locked twice, so two processes could write one journal. Put the journal on a local disk.");
            }

            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void MakeFile(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        try
        {
            DiskFile.CreateNew(path).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it first.
        }
    }
}
