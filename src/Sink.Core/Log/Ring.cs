using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>
/// The live ring: the newest bytes of the log at <c>position % capacity</c> of a mapped file, so that they survive the
/// process. Callers order their accesses: appenders write above durable under the append lock, the committer reads
/// between durable and head.
/// </summary>
internal sealed unsafe class Ring : IDisposable
{
    private const int ZeroPieceBytes = 1024 * 1024;

    private readonly StorageMap _map;

    private Ring(StorageMap map, long capacity)
    {
        _map = map;
        Capacity = capacity;
    }

    public long Capacity { get; }

    /// <summary>
    /// Makes the ring ready for a new run. The old one must be worth nothing any more: whatever it held is durable in
    /// a segment. Neither the new file's name nor the new header is synced: after a power loss any older ring is as
    /// good, for its positions are all below the segments'.
    /// </summary>
    public static Ring Open(StorageDirectory directory, string name, long capacity, Run run, long durable, ReadOnlySpan<long> counters, bool reuse)
    {
        // A crash may have left one, or a power loss brought it back: as large as a ring, and nobody else's to delete.
        string temporary = name + StorageDirectory.TemporarySuffix;
        directory.Delete(temporary);
        if (!reuse)
        {
            CreateZeroed(directory, temporary, RingHeader.Bytes + capacity);
            directory.Rename(temporary, name);
        }

        StorageMap map = directory.Map(name);
        if (map.Length < RingHeader.Bytes + capacity)
        {
            map.Dispose();
            throw new IOException($"The ring {Path.Join(directory.Path, name)} is shorter than it was made.");
        }

        Ring ring = new(map, capacity);
        ring.NoteDurable(durable);
        RingHeader.Write(new Span<byte>(map.Address, RingHeader.Bytes), run, capacity);
        for (int i = 0; i < counters.Length; i++)
        {
            ring.Counter(i) = counters[i];
        }

        return ring;
    }

    /// <summary>Bytes from a position on; must not reach over the wrap.</summary>
    public Span<byte> At(long position, int length)
    {
        long offset = position % Capacity;
        if (offset + length > Capacity)
        {
            throw new InvalidOperationException("A frame would reach over the ring's wrap.");
        }

        return new Span<byte>(_map.Address + RingHeader.Bytes + offset, length);
    }

    /// <summary>Bytes left before the wrap.</summary>
    public long ToWrap(long position) => Capacity - (position % Capacity);

    /// <summary>Notes what is durable, for the next run. A plain store: it survives the process, and a stale one only makes recovery rewrite more.</summary>
    public void NoteDurable(long durable)
    {
        Volatile.Write(ref Unsafe.AsRef<long>(_map.Address + RingHeader.DurableOffset), durable);
        Volatile.Write(ref Unsafe.AsRef<long>(_map.Address + RingHeader.DurableCopyOffset), durable);
    }

    /// <summary>A counter that survives the process.</summary>
    public ref long Counter(int index) => ref Unsafe.AsRef<long>(_map.Address + RingHeader.CountersOffset + (index * sizeof(long)));

    public static long ReadCounter(ReadOnlySpan<byte> headerPage, int index) =>
        BinaryPrimitives.ReadInt64LittleEndian(headerPage[(RingHeader.CountersOffset + (index * sizeof(long)))..]);

    /// <summary>Notes whether a commit runs.</summary>
    public void NoteCommitting(bool runs) => Note(RingHeader.CommittingOffset, runs ? (byte)1 : (byte)0);

    /// <summary>Notes what the packer does.</summary>
    public void NotePacking(PackingPhase phase) => Note(RingHeader.PackingOffset, (byte)phase);

    /// <summary>Notes how many objects are on their way.</summary>
    public void NoteUploads(int count) => Note(RingHeader.UploadsOffset, LanePhase.ToByte(count));

    /// <summary>Notes how often the lane was opened since it last took appends; 0 when it takes them.</summary>
    public void NoteOpenings(int count) => Note(RingHeader.OpeningsOffset, LanePhase.ToByte(count));

    public void Dispose() => _map.Dispose();

    private void Note(int offset, byte value) => Volatile.Write(ref _map.Address[offset], value);

    /// <summary>Written with zeroes and synced before it is mapped: a store to a hole on a full disk is a SIGBUS that no catch can hold.</summary>
    private static void CreateZeroed(StorageDirectory directory, string name, long length)
    {
        using StorageFile file = directory.Create(name);
        byte[] zeroes = new byte[Math.Min(length, ZeroPieceBytes)];
        for (long offset = 0; offset < length; offset += zeroes.Length)
        {
            file.Write(offset, zeroes.AsSpan(0, (int)Math.Min(zeroes.Length, length - offset)));
        }

        file.Sync(SyncSite.Ring);
    }
}
