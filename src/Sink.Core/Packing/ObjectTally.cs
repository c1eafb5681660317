namespace Sink.Core.Packing;

/// <summary>Counters over entries of an object. Times in UTC ticks; positions of the first and the last entry.</summary>
internal record struct ObjectTally
{
    public ObjectTally()
    {
    }

    public long Entries { get; set; }

    public long RawBytes { get; set; }

    public long Start { get; set; } = long.MaxValue;

    public long End { get; set; }

    public long First { get; set; } = long.MaxValue;

    public long Last { get; set; }

    public void Add(long position, long timestamp, int rawBytes)
    {
        Entries++;
        RawBytes += rawBytes;
        Start = Math.Min(Start, timestamp);
        End = Math.Max(End, timestamp);
        First = Math.Min(First, position);
        Last = Math.Max(Last, position);
    }

    public void Add(in ObjectTally other)
    {
        Entries += other.Entries;
        RawBytes += other.RawBytes;
        Start = Math.Min(Start, other.Start);
        End = Math.Max(End, other.End);
        First = Math.Min(First, other.First);
        Last = Math.Max(Last, other.Last);
    }
}
