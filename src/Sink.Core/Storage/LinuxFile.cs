using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Sink.Core.Storage;

/// <summary>
/// Opens files that must be the directory's own. The kernel refuses a link in the same step as it opens, so that no moment lies
/// between a look and the use; .NET's open follows links, and waits for ever for the other end of a pipe.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxFile
{
    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private const int NoEntry = 2;
    private const int NotADirectory = 20;
    private const int IsADirectory = 21;
    private const int TooManyLinks = 40;

    private const int EmptyPath = 0x1000;
    private const uint WantTypeAndLinks = 0x1 | 0x4;
    private const int StatBytes = 256;
    private const int LinksOffset = 16;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    // The one flag here that architectures number differently.
    private static readonly int _noFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Armv6 or Architecture.Ppc64le ? 0x8000 : 0x20000;

    /// <summary>An existing file, or null when there is none.</summary>
    /// <exception cref="IOException">There is a link, a pipe, a device.</exception>
    /// <exception cref="UnauthorizedAccessException">There is a directory, or a file that this user may not open.</exception>
    public static SafeFileHandle? Open(string path, bool writable)
    {
        int descriptor = OpenDescriptor(path, (writable ? ReadWrite : 0) | NonBlocking | CloseOnExec | _noFollow);
        if (descriptor < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return error switch
            {
                NoEntry or NotADirectory => null,
                TooManyLinks => throw new IOException($"'{path}' is a link; a journal takes only files of its own", error),
                IsADirectory => throw new UnauthorizedAccessException($"Access to the path '{path}' is denied: it is a directory"),
                _ => throw Libc.ToException(error, path),
            };
        }

        SafeFileHandle handle = new(descriptor, ownsHandle: true);
        (int type, _) = Look(handle);
        if (type == RegularFile)
        {
            return handle;
        }

        handle.Dispose();
        throw type == 0x4000
            ? new UnauthorizedAccessException($"Access to the path '{path}' is denied: it is a directory")
            : new IOException($"'{path}' is not a file");
    }

    /// <summary>How many names a file has; more than one when somebody made a hard link.</summary>
    public static int CountNames(SafeFileHandle handle) => Look(handle).Links;

    private static (int Type, int Links) Look(SafeFileHandle handle)
    {
        // statx is the one call of its kind whose answer looks the same on every architecture.
        Span<byte> answer = stackalloc byte[StatBytes];
        try
        {
            return Statx(handle, "", EmptyPath, WantTypeAndLinks, ref MemoryMarshal.GetReference(answer)) == 0
                ? (MemoryMarshal.Read<ushort>(answer[ModeOffset..]) & TypeMask, MemoryMarshal.Read<int>(answer[LinksOffset..]))
                : (RegularFile, 1);
        }
        catch (EntryPointNotFoundException)
        {
            // An older C library: what is no link is taken for a file with one name.
            return (RegularFile, 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(SafeFileHandle handle, string path, int flags, uint mask, ref byte answer);
}
