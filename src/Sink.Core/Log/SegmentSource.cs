using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>A segment as a source: position p lies at <c>header + p - base</c>. Read up to its successor's base, never to its own last valid byte.</summary>
internal sealed class SegmentSource : LogSource
{
    private readonly StorageFile _file;
    private readonly SegmentName _name;
    private readonly long _end;
    private long _fileLength;
    private long _limit;

    private SegmentSource(StorageFile file, SegmentName name, Run run, long end)
    {
        _file = file;
        _name = name;
        Run = run;
        _end = end;
        Seed = run.Seed;
        Refresh(long.MaxValue);
    }

    public Run Run { get; }

    public override uint Seed { get; }

    public override long Start => _name.Base;

    public override long End => Math.Min(Math.Min(_end, _limit), _name.Base + Math.Max(0, _fileLength - SegmentHeader.Bytes));

    /// <summary>Opens a segment for reading up to <paramref name="end"/>; null when it is missing or its header says nothing we wrote.</summary>
    public static SegmentSource? Open(StorageDirectory directory, SegmentName name, long end)
    {
        StorageFile? file = directory.Open(name.ToString());
        if (file is null)
        {
            return null;
        }

        // A power loss may tear the header between its two records: then the file ends after the first, and is not damaged.
        byte[] header = new byte[SegmentHeader.Bytes];
        _ = file.Read(0, header);
        if (SegmentHeader.TryRead(header, name, out Run run))
        {
            return new SegmentSource(file, name, run, end);
        }

        file.Dispose();
        return null;
    }

    /// <summary>The length is not asked for at every frame: that is a system call.</summary>
    public override void Refresh(long limit) => (_limit, _fileLength) = (limit, _file.Length);

    public override int Read(long position, Span<byte> buffer) => _file.Read(SegmentHeader.Bytes + position - _name.Base, buffer);

    public override void Dispose() => _file.Dispose();
}
