using System.Runtime.InteropServices;

namespace Sink.Core.Tests.RealDisks;

/// <summary>
/// Stops a mounted file system at once, as a cut of its power would: from then on no write reaches the device, nor what its own
/// log holds in memory. What was synced is there at the next mount, what was only in the page cache is not.
/// </summary>
internal static partial class PowerSwitch
{
    // _IOR('X', 125, __u32) of linux/fs.h and xfs_fs.h: EXT4_IOC_SHUTDOWN is XFS_IOC_GOINGDOWN.
    private const ulong Shutdown = 0x8004587d;
    private const uint WithoutFlushingItsLog = 2;

    public static void Cut(string mounted)
    {
        int descriptor = Open(mounted, 0);
        Assert.True(descriptor >= 0, Marshal.GetLastPInvokeErrorMessage());
        uint flags = WithoutFlushingItsLog;
        int result = Control(descriptor, Shutdown, ref flags);
        string error = Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
        Assert.True(result == 0, error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, ulong request, ref uint argument);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
