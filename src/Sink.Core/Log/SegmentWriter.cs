using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>A segment that this run created and still appends to.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly StorageDirectory _directory;
    private readonly StorageFile _file;
    private readonly long _step;
    private long _reserved = SegmentHeader.Bytes;
    private bool _nameSynced;

    private SegmentWriter(StorageDirectory directory, StorageFile file, SegmentName name, long step)
    {
        _directory = directory;
        _file = file;
        _step = step;
        Name = name;
    }

    public SegmentName Name { get; }

    /// <summary>Bytes written, the header included.</summary>
    public long Written { get; private set; } = SegmentHeader.Bytes;

    /// <summary>Bytes of the file: behind what is written stand zeroes, up to a step.</summary>
    public long FileBytes => Math.Max(Written, _reserved);

    /// <param name="directory">Where it is made.</param>
    /// <param name="name">Its name.</param>
    /// <param name="run">The run that writes it.</param>
    /// <param name="step">The file grows by so many bytes at a time: a commit that changes its size takes the disk about twice as long.</param>
    public static SegmentWriter Create(StorageDirectory directory, SegmentName name, Run run, long step)
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

        return new SegmentWriter(directory, file, name, step);
    }

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        long offset = SegmentHeader.Bytes + position - Name.Base;
        long end = offset + bytes.Length;
        if (end > _reserved)
        {
            _reserved = end + _step;
            _file.Reserve(_reserved);
        }

        _file.Write(offset, bytes);
        Written = Math.Max(Written, end);
    }

    /// <summary>Makes the file reach up to a position: padding at the end is not written.</summary>
    public void ExtendTo(long position)
    {
        long length = SegmentHeader.Bytes + position - Name.Base;
        if (length > FileBytes)
        {
            _file.Truncate(length);
            _reserved = length;
        }

        Written = Math.Max(Written, length);
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
