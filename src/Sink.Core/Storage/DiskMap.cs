using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Sink.Core.Storage;

/// <summary>A mapped file of the real disk. One that is never disposed stays mapped, even when nothing refers to it any more.</summary>
internal sealed unsafe class DiskMap : StorageMap
{
    private readonly MemoryMappedFile _file;
    private readonly SafeMemoryMappedViewHandle _view;
    private byte* _address;

    private DiskMap(MemoryMappedFile file, SafeMemoryMappedViewHandle view, long length)
    {
        _file = file;
        _view = view;
        Length = length;

        // This also counts a reference, so that no finalizer unmaps a map that was left open on purpose.
        view.AcquirePointer(ref _address);
    }

    public override byte* Address => _address;

    public override long Length { get; }

    public static DiskMap OpenExisting(string path)
    {
        SafeFileHandle handle = DiskFile.OpenHandle(path, writable: true, followsLinks: false) ?? throw new FileNotFoundException($"Could not find file '{path}'.", path);
        MemoryMappedFile? file = null;
        try
        {
            long length = RandomAccess.GetLength(handle);
            if (length == 0)
            {
                throw new IOException($"An empty file cannot be mapped : '{path}'");
            }

            file = MemoryMappedFile.CreateFromFile(handle, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
            MemoryMappedViewAccessor accessor = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.ReadWrite);
            return new DiskMap(file, accessor.SafeMemoryMappedViewHandle, length);
        }
        catch
        {
            file?.Dispose();
            handle.Dispose();
            throw;
        }
    }

    public override void Dispose()
    {
        if (_address == null)
        {
            return;
        }

        // Only the handle: disposing the accessor would msync the whole map, seconds on a busy disk.
        _address = null;
        _view.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
