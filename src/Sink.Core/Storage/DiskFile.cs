using Microsoft.Win32.SafeHandles;

namespace Sink.Core.Storage;

/// <summary>A file of the real disk.</summary>
internal sealed class DiskFile : StorageFile
{
    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private DiskFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        _path = path;
    }

    public override string Name => Path.GetFileName(_path);

    public override long Length => RandomAccess.GetLength(_handle);

    public override bool HasOtherNames => OperatingSystem.IsLinux() && LinuxFile.CountNames(_handle) > 1;

    /// <summary>Makes a file that only its owner may touch, from its first moment on.</summary>
    public static DiskFile CreateNew(string path)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = DiskMode.File;
        }

        // Only a FileStream takes a mode; its handle is kept, the stream itself holds nothing else.
        SafeFileHandle handle = new FileStream(path, options).SafeFileHandle;
        try
        {
            DiskMode.RestoreFile(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        return new DiskFile(handle, path);
    }

    /// <summary>Opens an existing file, or null. Windows lets others delete and rename it meanwhile, as Unix does.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="writable">Else only for reading.</param>
    /// <param name="followsLinks">Else a link is an error.</param>
    public static DiskFile? OpenExisting(string path, bool writable, bool followsLinks) =>
        OpenHandle(path, writable, followsLinks) is { } handle ? new DiskFile(handle, path) : null;

    public static SafeFileHandle? OpenHandle(string path, bool writable, bool followsLinks)
    {
        if (!followsLinks)
        {
            if (OperatingSystem.IsLinux())
            {
                return LinuxFile.Open(path, writable);
            }

            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new IOException($"'{path}' is a link; a journal takes only files of its own");
            }
        }

        FileAccess access = writable ? FileAccess.ReadWrite : FileAccess.Read;
        try
        {
            return File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public override int Read(long offset, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int count = RandomAccess.Read(_handle, buffer[total..], offset + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    public override void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_handle, bytes, offset);

    public override void Truncate(long length) => RandomAccess.SetLength(_handle, length);

    public override void Reserve(long length)
    {
        if (OperatingSystem.IsLinux())
        {
            Libc.TryAllocate(_handle, length);
        }
    }

    public override bool HasHoles() => !OperatingSystem.IsWindows() && Libc.FindHole(_handle) is { } hole && hole < Length;

    public override void Sync(SyncSite site)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(_handle);
        }
        else
        {
            Libc.SyncFile(_handle, _path);
        }
    }

    public override void Dispose() => _handle.Dispose();
}
