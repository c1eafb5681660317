using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>Where a lane's log lies, and how large its parts are.</summary>
internal sealed record LogPlace(StorageDirectory Directory, StorageDirectory RingDirectory, string RingName, long RingBytes, long SegmentBytes)
{
    /// <summary>The time in the names of files that are set aside.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The ring of the last run, when its options put it elsewhere.</summary>
    public RingPlace LastRing { get; init; } = new(RingDirectory, RingName);

    /// <summary>Whether the last ring is where this run's will be.</summary>
    public bool RingStays => LastRing.Directory?.Path == RingDirectory.Path && LastRing.Name == RingName;
}
