namespace Sink.Core;

/// <summary>How a put ended: see <see cref="ObjectStore.PutAsync"/>. A value that is none of these is taken for <see cref="Unavailable"/>.</summary>
public enum PutOutcome
{
    // The value of an answer that nobody filled in: it must not be one on which an object is deleted.

    /// <summary>The store is away, busy, full, or refuses everything; the same put may pass later. All objects wait, with growing pauses.</summary>
    Unavailable,

    /// <summary>The store has the whole object with its metadata, durably: the journal deletes its own copy.</summary>
    Stored,

    /// <summary>The key exists; nothing was written. The journal asks by <see cref="ObjectStore.HeadAsync"/> whether it is this object.</summary>
    AlreadyThere,

    /// <summary>The store will not take this object; others may pass. It is kept, reported, and tried again every five minutes, and holds up nothing.</summary>
    Rejected,

    /// <summary>
    /// The bytes that arrived do not have the digest they were sealed with; nothing was stored. The journal looks at its own copy: when that has rotted it
    /// is set aside, and counted as damaged; else the object is put again.
    /// </summary>
    Damaged,
}
