using Sink.Core.Storage;

namespace Sink.Core.Tests.Fakes;

/// <summary>One process's map of a file. After a kill the memory stays until dispose, but what is stored there counts no more.</summary>
internal sealed unsafe class MemoryMap : StorageMap
{
    private readonly MemoryDisk _disk;
    private readonly FileNode _file;
    private readonly int _run;
    private MappedMemory? _memory;

    /// <summary>Called under the disk's lock.</summary>
    public MemoryMap(MemoryDisk disk, FileNode file, int run)
    {
        _disk = disk;
        _file = file;
        _run = run;
        _memory = disk.MapNeedsLock(file);
        file.Handles++;
    }

    public override byte* Address => _memory is null ? null : _memory.Address;

    public override long Length => _memory?.Length ?? 0;

    public override void Dispose()
    {
        lock (_disk.Gate)
        {
            if (_memory is null)
            {
                return;
            }

            if (_disk.IsRunNeedsLock(_run))
            {
                _disk.UnmapNeedsLock(_file);
                _file.Handles--;
                _disk.ReleaseNeedsLock(_file);
            }
            else
            {
                _memory.Release();
            }

            _memory = null;
        }
    }
}
