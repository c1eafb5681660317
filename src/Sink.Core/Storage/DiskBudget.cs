namespace Sink.Core.Storage;

/// <summary>
/// How much the log may still take. The packer's reserve is never the log's: a full disk must not keep the packer
/// from freeing segments.
/// </summary>
/// <param name="directory">The lane's.</param>
/// <param name="maxBytes">All that the lane may take.</param>
/// <param name="reserveBytes">Of these, what only the packer may.</param>
/// <param name="minFreeBytes">What the volume is to keep free for others.</param>
/// <param name="stepBytes">What the packer needs on the volume to free the oldest segment: in the worst case as much as that segment has.</param>
internal sealed class DiskBudget(StorageDirectory directory, long maxBytes, long reserveBytes, long minFreeBytes, long stepBytes)
{
    // Errno of Linux, as .NET gives it; macOS has another one for the quota.
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>File systems give space in blocks, of this size nearly everywhere: a file of one byte takes one.</summary>
    private const long BlockBytes = 4096;

    private long _ringBytes;
    private long _segmentBytes;
    private long _stagedBytes;

    /// <summary>All that the lane takes.</summary>
    public long UsedBytes => Volatile.Read(ref _ringBytes) + Volatile.Read(ref _segmentBytes) + Volatile.Read(ref _stagedBytes);

    public void SetRing(long bytes) => Volatile.Write(ref _ringBytes, bytes);

    public void SetSegments(long bytes) => Volatile.Write(ref _segmentBytes, bytes);

    public void AddStaged(long bytes) => Interlocked.Add(ref _stagedBytes, bytes);

    /// <summary>Whether the volume has that many bytes beside what is left to others.</summary>
    public bool HasFree(long bytes) => directory.GetSpace().FreeBytes - bytes >= minFreeBytes;

    /// <summary>Whether a call failed because the volume, or the user's share of it, is full.</summary>
    public static bool IsFull(Exception exception) => exception is IOException && exception.HResult is NoSpaceLeft or QuotaExceeded or WindowsDiskFull;

    /// <summary>What an object with so many bytes of data takes: whole blocks, and one for its sidecar.</summary>
    public static long OfObject(long dataBytes) => ((Math.Max(dataBytes, 1) + BlockBytes - 1) / BlockBytes * BlockBytes) + BlockBytes;

    /// <summary>
    /// Whether packing may go on, with so many bytes in buffers that it has still to write. Entries of many streams take far more in
    /// objects than in the log; they wait there until others are delivered. A quarter of the reserve is for checkpoints and the ballast.
    /// The rest is always the packer's: a log that an earlier process, with a higher bound, left larger than it may be shrinks only by being packed.
    /// </summary>
    public bool MayPack(long bufferedBytes) =>
        UsedBytes + bufferedBytes <= maxBytes - (reserveBytes / 4) || Volatile.Read(ref _stagedBytes) + bufferedBytes <= reserveBytes - (reserveBytes / 4);

    /// <summary>Whether the log may write at all.</summary>
    public bool MayGrow => Refusal(0) is null;

    /// <summary>Null when the log may write that many bytes; else why not, and what to do.</summary>
    public string? Refusal(long bytes)
    {
        if (UsedBytes + bytes > maxBytes - reserveBytes)
        {
            return $"The journal in {directory.Path} holds {UsedBytes:N0} bytes, as much as MaxDiskBytes ({maxBytes:N0}) leaves to the log beside the reserve of {reserveBytes:N0}. Deliver the backlog, or raise MaxDiskBytes.";
        }

        long free = directory.GetSpace().FreeBytes;
        return free - bytes >= minFreeBytes + stepBytes
            ? null
            : $"The volume of {directory.Path} has {free:N0} bytes left, less than MinFreeDiskBytes ({minFreeBytes:N0}) and the {stepBytes:N0} that packing needs to free the log. Make room on it.";
    }
}
