namespace Sink.Core.Storage;

/// <summary>
/// Every place that syncs, by name. Tests ignore one site at a time and expect a broken promise: a site whose loss
/// breaks nothing has no business here.
/// </summary>
internal enum SyncSite
{
    /// <summary>File: the zeroes of a new ring. A store to a mapped hole on a full disk is a SIGBUS.</summary>
    Ring,

    /// <summary>File: the lane's identity. Without it a lane with segments looks damaged.</summary>
    Identity,

    /// <summary>Directory: the lane, at open, before anything in it is believed or deleted. What a killed process renamed may be page cache alone.</summary>
    LaneNames,

    /// <summary>Directory: the parent of a directory that was made (journal, lane). Without it all of it may vanish.</summary>
    JournalDirectory,

    /// <summary>File: a segment that recovery wrote anew. What recovery read may be page cache that no disk holds.</summary>
    Rewrite,

    /// <summary>File: the segment at a group commit.</summary>
    Commit,

    /// <summary>Directory: the lane after a segment was created.</summary>
    SegmentName,

    /// <summary>File: a staged object, before a checkpoint claims its length.</summary>
    StagedObject,

    /// <summary>File: a sidecar, before the checkpoint that seals its object.</summary>
    Sidecar,

    /// <summary>Directory: the lane, so that no checkpoint is kept whose sidecars or staged files are not.</summary>
    StagedNames,

    /// <summary>File: a copy of the checkpoint.</summary>
    Checkpoint,

    /// <summary>Directory: the lane, before segments are freed or a sealed object is uploaded on the word of a checkpoint.</summary>
    CheckpointNames,

    /// <summary>File: an object put into a directory store, before the local copy is deleted.</summary>
    StoredObject,

    /// <summary>File: an object's metadata in a directory store.</summary>
    StoredMetadata,

    /// <summary>Directory: the store's directory after an object was renamed into it.</summary>
    StoredNames,

    /// <summary>Directory: the parent of a directory that the store made.</summary>
    StoreDirectory,
}
