using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>The ring of an earlier run as a source, read by <c>pread</c> and never through a map: a bad sector is an exception then, not the end of the process.</summary>
internal sealed class RingSource : LogSource
{
    private readonly StorageFile _file;
    private readonly long _capacity;
    private readonly long _start;

    private RingSource(StorageFile file, Run run, long capacity, long durable, long start)
    {
        _file = file;
        _capacity = capacity;
        _start = start;
        Run = run;
        Durable = durable;
        Seed = run.Seed;
    }

    public Run Run { get; }

    public long Capacity => _capacity;

    /// <summary>The durable position its owner noted last; after a power loss it may be an older one.</summary>
    public long Durable { get; }

    /// <summary>Some of what was read came back as an error, and was taken for damage.</summary>
    public bool HasBadSectors { get; private set; }

    /// <summary>The file has another name, which need not be ours: it is read, and never written.</summary>
    public bool HasOtherNames => _file.HasOtherNames;

    public override uint Seed { get; }

    public override long Start => _start;

    /// <summary>The newest entry lies less than a ring above the durable position, which may be stale: every position from the start on is asked for, a ring's length above the higher of the two.</summary>
    public override long End => Math.Max(_start, Durable) + _capacity;

    /// <summary>Opens the ring for the positions from <paramref name="start"/> on; null when there is none, or none we wrote.</summary>
    public static RingSource? Open(StorageDirectory directory, string name, long start)
    {
        StorageFile? file = directory.IsLink(name) ? null : directory.Open(name);
        if (file is null)
        {
            return null;
        }

        try
        {
            byte[] page = new byte[RingHeader.Bytes];
            if (BadSectors.Read(file, 0, page, out bool areThere) == page.Length
                && RingHeader.TryRead(page, out Run run, out long capacity, out long durable)
                && capacity <= file.Length - RingHeader.Bytes)
            {
                RingSource source = new(file, run, capacity, durable, start) { HasBadSectors = areThere };
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

    /// <summary>Whether its file has lost its place on the disk in parts, as a copy with holes has.</summary>
    public bool HasHoles() => _file.HasHoles();

    public RingSource From(long start) => new(_file, Run, _capacity, Durable, start);

    public byte[] ReadHeader()
    {
        byte[] page = new byte[RingHeader.Bytes];
        _ = BadSectors.Read(_file, 0, page, out _);
        return page;
    }

    public override int Read(long position, Span<byte> buffer)
    {
        long offset = position % _capacity;
        int count = (int)Math.Min(buffer.Length, _capacity - offset);
        count = BadSectors.Read(_file, RingHeader.Bytes + offset, buffer[..count], out bool areThere);
        HasBadSectors |= areThere;
        return count;
    }

    public override void Dispose() => _file.Dispose();
}
