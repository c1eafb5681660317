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
    public static DiskFile? OpenExisting(string path, bool writable)
    {
        FileAccess access = writable ? FileAccess.ReadWrite : FileAccess.Read;
        try
        {
            return new DiskFile(File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete), path);
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
