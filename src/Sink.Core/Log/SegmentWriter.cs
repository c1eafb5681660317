using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>A segment that this run created and still appends to.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly StorageDirectory _directory;
    private readonly StorageFile _file;
    private bool _nameSynced;

    private SegmentWriter(StorageDirectory directory, StorageFile file, SegmentName name)
    {
        _directory = directory;
        _file = file;
        Name = name;
    }

    public SegmentName Name { get; }

    public long FileBytes { get; private set; } = SegmentHeader.Bytes;

    public static SegmentWriter Create(StorageDirectory directory, SegmentName name, Run run)
    {
        string fileName = name.ToString();
        StorageFile file = directory.Create(fileName);
        try
        {
            file.Write(0, SegmentHeader.Write(run, name));
        }
        catch
        {
            file.Dispose();
            directory.Delete(fileName);
            throw;
        }

        return new SegmentWriter(directory, file, name);
    }

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        long offset = SegmentHeader.Bytes + position - Name.Base;
        _file.Write(offset, bytes);
        FileBytes = Math.Max(FileBytes, offset + bytes.Length);
    }

    /// <summary>Makes the file reach up to a position: padding at the end is not written.</summary>
    public void ExtendTo(long position)
    {
        long length = SegmentHeader.Bytes + position - Name.Base;
        if (length > FileBytes)
        {
            _file.Truncate(length);
            FileBytes = length;
        }
    }

    /// <summary>Bytes first, then the name: a name without its bytes would hide what an older segment still holds.</summary>
    public void Sync(SyncSite site)
    {
        _file.Sync(site);
        if (!_nameSynced)
        {
            _directory.SyncNames(SyncSite.SegmentName);
            _nameSynced = true;
        }
    }

    public void Dispose() => _file.Dispose();
}
