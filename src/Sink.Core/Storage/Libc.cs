using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Sink.Core.Storage;

/// <summary>The calls of the C library that .NET does not offer, or not with the promise needed here.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class Libc
{
    private const int OperationNotPermitted = 1;
    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int AccessDenied = 13;
    private const int Exists = 17;
    private const int InvalidArgument = 22;
    private const int ReadOnlyFileSystem = 30;

    private const int OpenForReading = 0;
    private const int OpenForReadingAndWriting = 2;
    private const int LockExclusive = 2;
    private const int LockWithoutWaiting = 4;
    private const int FullSyncCommand = 51;
    private const int CurrentDirectory = -100;
    private const uint RenameWithoutReplacing = 1;
    private const uint RenameExclusive = 4;

    // These numbers differ between kernels; the ones above do not.
    private static readonly int CloseOnExec = OperatingSystem.IsLinux() ? 0x80000 : OperatingSystem.IsFreeBSD() ? 0x100000 : 0x1000000;
    private static readonly int SeekHole = OperatingSystem.IsMacOS() ? 3 : 4;
    private static readonly int WouldBlock = OperatingSystem.IsLinux() ? 11 : 35;
    private static readonly int NotImplemented = OperatingSystem.IsLinux() ? 38 : 78;

    /// <summary>Syncs a directory's names; no .NET API opens a directory.</summary>
    public static void SyncDirectory(string path)
    {
        using SafeFileHandle handle = Open(path, OpenForReading);
        if (!TrySync(handle, out int error))
        {
            throw ToException(error, path);
        }
    }

    /// <summary>Like <see cref="SyncDirectory"/> for a directory this journal did not make: one that may not be read, or cannot be synced, is passed over.</summary>
    public static void TrySyncForeignDirectory(string path)
    {
        int descriptor = OpenDescriptor(path, OpenForReading | CloseOnExec);
        if (descriptor < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error is AccessDenied or OperationNotPermitted)
            {
                return;
            }

            throw ToException(error, path);
        }

        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        if (TrySync(handle, out int syncError) || syncError is InvalidArgument or ReadOnlyFileSystem)
        {
            return;
        }

        throw ToException(syncError, path);
    }

    /// <summary>
    /// Syncs an open file's bytes and size, and leaves out its times where the system can: a file that grows is then
    /// synced about twice as often in a second. Not for directories: ext4 may leave out names. RandomAccess.FlushToDisk
    /// would do, but it takes EROFS for success, and that is what ext4 answers once it has given up a failing disk.
    /// </summary>
    public static void SyncFile(SafeFileHandle handle, string path)
    {
        if (!TrySync(handle, out int error, OperatingSystem.IsLinux() ? Fdatasync : Fsync))
        {
            throw ToException(error, path);
        }
    }

    /// <summary>Lengthens a file with blocks that read as zeroes, where the file system can and has them; a later write finds out what it cannot.</summary>
    [SupportedOSPlatform("linux")]
    public static void TryAllocate(SafeFileHandle handle, long length)
    {
        // On 32-bit systems it takes other numbers.
        if (Environment.Is64BitProcess)
        {
            _ = Fallocate(handle, 0, 0, length);
        }
    }

    /// <summary>Where the first part of a file begins that has no place on the disk, the file's end when there is none; null where the system cannot tell.</summary>
    public static long? FindHole(SafeFileHandle handle)
    {
        // On 32-bit systems offsets are of another size.
        long found = Environment.Is64BitProcess ? Seek(handle, 0, SeekHole) : -1;
        return found < 0 ? null : found;
    }

    /// <summary>Opens an existing file on a descriptor of its own, which child processes do not inherit.</summary>
    public static SafeFileHandle OpenForLock(string path) => Open(path, OpenForReadingAndWriting);

    /// <summary>False when another descriptor, of this process or any other, holds the lock.</summary>
    public static bool TryLock(SafeFileHandle handle, string path)
    {
        while (FlockDescriptor(handle, LockExclusive | LockWithoutWaiting) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock)
            {
                return false;
            }

            if (error != Interrupted)
            {
                throw new IOException($"The file system refuses to lock '{path}': {Marshal.GetPInvokeErrorMessage(error)}", error);
            }
        }

        return true;
    }

    /// <summary>Renames in one step unless the target exists. File.Move without overwrite copies where it cannot link, and a copy can be seen half done.</summary>
    public static bool TryRename(string from, string to)
    {
        int error = RenameExclusively(from, to);
        if (error == InvalidArgument || error == NotImplemented)
        {
            error = Link(from, to) < 0 ? Marshal.GetLastPInvokeError() : Unlink(from) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        return error switch
        {
            0 => true,
            Exists => false,
            _ => throw ToException(error, from),
        };
    }

    private static int RenameExclusively(string from, string to)
    {
        try
        {
            int result = OperatingSystem.IsLinux()
                ? RenameAt2(CurrentDirectory, from, CurrentDirectory, to, RenameWithoutReplacing)
                : OperatingSystem.IsMacOS() ? RenameXNp(from, to, RenameExclusive) : throw new EntryPointNotFoundException();
            return result < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        catch (EntryPointNotFoundException)
        {
            // An older musl has no such function.
            return NotImplemented;
        }
    }

    private static SafeFileHandle Open(string path, int flags)
    {
        int descriptor;
        while ((descriptor = OpenDescriptor(path, flags | CloseOnExec)) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw ToException(error, path);
            }
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static bool TrySync(SafeFileHandle handle, out int error) => TrySync(handle, out error, Fsync);

    private static bool TrySync(SafeFileHandle handle, out int error, Func<SafeFileHandle, int> sync)
    {
        // On macOS fsync leaves the bytes in the drive's cache; F_FULLFSYNC (FlushToDisk's choice too) does not, but
        // some network volumes do not know it.
        if (OperatingSystem.IsMacOS() && Fcntl(handle, FullSyncCommand) >= 0)
        {
            error = 0;
            return true;
        }

        do
        {
            error = sync(handle) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        while (error == Interrupted);

        return error == 0;
    }

    public static Exception ToException(int error, string path)
    {
        string message = $"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'";
        return error switch
        {
            NoEntry => new FileNotFoundException(message, path),
            AccessDenied or OperationNotPermitted => new UnauthorizedAccessException(message),
            _ => new IOException(message, error),
        };
    }

    // open and fcntl take further arguments for other flags; without those the two given ones are all that is read.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeFileHandle handle, int command);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Fallocate(SafeFileHandle handle, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle handle, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Fdatasync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FlockDescriptor(SafeFileHandle handle, int operation);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int fromDirectory, string from, int toDirectory, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "renamex_np", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameXNp(string from, string to, uint flags);
}
