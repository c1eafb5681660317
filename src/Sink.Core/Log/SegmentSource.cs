using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>A segment as a source: position p lies at <c>header + p - base</c>. Read up to its successor's base, never to its own last valid byte.</summary>
internal sealed class SegmentSource : LogSource
{
    private readonly StorageFile _file;
    private readonly SegmentName _name;
    private readonly long _end;
    private readonly bool _passesBadSectors;
    private long _fileLength;
    private long _limit;

    private SegmentSource(StorageFile file, SegmentName name, Run run, long end, bool passesBadSectors)
    {
        _file = file;
        _name = name;
        Run = run;
        _end = end;
        _passesBadSectors = passesBadSectors;
        Seed = run.Seed;
        Refresh(long.MaxValue);
    }

    public Run Run { get; }

    public override uint Seed { get; }

    public override long Start => _name.Base;

    public override long End => Math.Min(Math.Min(_end, _limit), _name.Base + Math.Max(0, _fileLength - SegmentHeader.Bytes));

    /// <summary>Some of what was read came back as an error, and was taken for damage.</summary>
    public bool HasBadSectors { get; private set; }

    /// <summary>Opens a segment for reading up to <paramref name="end"/>; null when it is missing or its header says nothing we wrote.</summary>
    /// <param name="directory">The lane's.</param>
    /// <param name="name">Of the segment.</param>
    /// <param name="end">Where its successor begins.</param>
    /// <param name="passesBadSectors">A sector that cannot be read is damage, and not an error.</param>
    public static SegmentSource? Open(StorageDirectory directory, SegmentName name, long end, bool passesBadSectors = false)
    {
        StorageFile? file = directory.Open(name.ToString());
        if (file is null)
        {
            return null;
        }

        try
        {
            // A power loss may tear the header between its two records: then the file ends after the first, and is not damaged.
            byte[] header = new byte[SegmentHeader.Bytes];
            _ = passesBadSectors ? BadSectors.Read(file, 0, header, out _) : file.Read(0, header);
            if (SegmentHeader.TryRead(header, name, out Run run))
            {
                SegmentSource source = new(file, name, run, end, passesBadSectors);
                file = null;
                return source;
            }
        }
        finally
        {
            file?.Dispose();
        }

        return null;
    }

    /// <summary>The length is not asked for at every frame: that is a system call.</summary>
    public override void Refresh(long limit) => (_limit, _fileLength) = (limit, _file.Length);

    public override int Read(long position, Span<byte> buffer)
    {
        long offset = SegmentHeader.Bytes + position - _name.Base;
        if (!_passesBadSectors)
        {
            return _file.Read(offset, buffer);
        }

        int count = BadSectors.Read(_file, offset, buffer, out bool areThere);
        HasBadSectors |= areThere;
        return count;
    }

    public override void Dispose() => _file.Dispose();
}
