namespace Sink.Core;

/// <summary>Why an entry was not kept. The values are the positions of the counters in the ring's header.</summary>
public enum DropCause
{
    /// <summary>The disk or its budget was full.</summary>
    DiskFull,

    /// <summary>The ring was full and the disk did not take it over in time.</summary>
    Stalled,

    /// <summary>The entry was larger than <c>MaxEntryBytes</c>.</summary>
    TooLarge,

    /// <summary>The journal was closed, or had failed.</summary>
    Closed,

    /// <summary>The entry came from the journal's own delivery.</summary>
    Suppressed,

    /// <summary>Bytes rotted in a file of the journal; the damaged range was set aside.</summary>
    Damaged,

    /// <summary>A sealed object was given up to make room, by <see cref="WhenFull.DropOldest"/>.</summary>
    GivenUp,
}
