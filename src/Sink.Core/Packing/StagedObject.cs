using System.Diagnostics.CodeAnalysis;
using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>An open object: a file of compressed frames, and the entries that wait for the next one. Used by the packing thread only.</summary>
internal sealed class StagedObject : IDisposable
{
    private readonly PooledBuffer _buffer = new();
    private readonly List<CompressedFrame> _frames = [];
    private ObjectTally _inFile = new();
    private ObjectTally _buffered = new();
    private StorageFile? _file;

    /// <summary>Bytes that a checkpoint claims and the file does not have.</summary>
    private long _missingBytes;

    public StagedObject(long id, int generation, string stream, string partition)
    {
        Id = id;
        Generation = generation;
        Stream = stream;
        Partition = partition;
    }

    public long Id { get; }

    public int Generation { get; private set; }

    public string Stream { get; }

    public string Partition { get; }

    /// <summary>What the frames of its file are.</summary>
    public required FrameKind Kind { get; init; }

    /// <summary>The compressor that it was begun with is not at hand any more: a frame of another kind nobody could read in it.</summary>
    public bool IsClosedToFrames => Form.Coder.Kind != Kind;

    /// <summary>How its entries are packed. With another header only between two frames: see <see cref="StreamForm.GoesOnAs"/>.</summary>
    public required StreamForm Form { get; set; }

    public required bool Late { get; init; }

    public required long OpenedUtcTicks { get; init; }

    /// <summary>Monotonic time from which its age counts.</summary>
    public required long OpenedTimestamp { get; init; }

    /// <summary>The packer's count of entries when it last got one, to find the least recently used.</summary>
    public long Touched { get; set; }

    /// <summary>Monotonic time, about, of its last entry; of its opening or resumption before one came.</summary>
    public long TouchedTimestamp { get; set; }

    public string FileName => StagedName.Of(Id, Generation);

    public long FileBytes { get; private set; }

    /// <summary>What it takes on disk, or will when it is sealed.</summary>
    public long DiskBytes => DiskBudget.OfObject(FileBytes - _missingBytes);

    public IReadOnlyList<CompressedFrame> Frames => _frames;

    public int BufferedBytes => _buffer.Length;

    public int BufferCapacity => _buffer.Capacity;

    /// <summary>The file has frames that were not synced.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>A write or sync of the file failed: what the kernel says of its bytes is not what the disk holds.</summary>
    public bool IsPoisoned { get; private set; }

    public bool IsEmpty => _frames.Count == 0 && _buffered.Entries == 0;

    /// <summary>All entries, in the file and waiting.</summary>
    public ObjectTally Tally
    {
        get
        {
            ObjectTally all = _inFile;
            all.Add(_buffered);
            return all;
        }
    }

    /// <summary>Entries from here on are not in the file; null when the file has all.</summary>
    public long? FirstBuffered => _buffered.Entries == 0 ? null : _buffered.First;

    /// <summary>An object that a checkpoint left open. What its file holds beyond the record is cut off: it is packed again from the log.</summary>
    public static StagedObject Resume(StorageDirectory directory, ObjectRecord record, (FrameKind Kind, StreamForm Form) packed, long openedTimestamp, Action<string> report)
    {
        StagedObject staged = new(record.Id, record.Generation, record.Stream, record.Partition)
        {
            Kind = packed.Kind,
            Form = packed.Form,
            Late = record.Late,
            OpenedUtcTicks = record.OpenedUtcTicks,
            OpenedTimestamp = openedTimestamp,
        };
        staged._inFile = record.Tally;
        staged._frames.AddRange(record.Frames);
        staged.FileBytes = record.FileBytes;
        if (record.Frames.Count == 0)
        {
            directory.Delete(staged.FileName);
            return staged;
        }

        StorageFile? found = directory.Open(staged.FileName, writable: true);
        if (found is null)
        {
            // Its frames are found to be lost when it is sealed; without a file nothing could be added, and nothing sealed.
            found = directory.Create(staged.FileName);
        }

        using StorageFile file = found;
        if (file.Length < staged.FileBytes)
        {
            staged._missingBytes = staged.FileBytes - file.Length;
            report($"The staged object {staged.FileName} in {directory.Path} is shorter than its checkpoint says.");
        }
        else if (file.HasOtherNames)
        {
            // Neither cut nor written: what stands under the other name is not ours to change.
            staged.IsPoisoned = true;
        }
        else if (file.Length > staged.FileBytes)
        {
            file.Truncate(staged.FileBytes);
        }

        return staged;
    }

    /// <summary>
    /// Goes on in a new file with the good frames of the old one, which is left where it is: after a failed write or
    /// sync a file is never synced or trusted again, and a damaged one is set aside once nothing names it.
    /// </summary>
    /// <param name="directory">The lane's.</param>
    /// <param name="isGood">Whether a frame of the file is as it was written.</param>
    /// <param name="structure">Compresses anew what stands around the entries, where that is not good or no longer fits.</param>
    public void MoveToNewFile(StorageDirectory directory, Func<int, bool> isGood, FrameMaker structure)
    {
        using StorageFile? old = directory.Open(FileName);
        _file?.Dispose();
        _file = null;
        Generation++;
        CompressedFrame[] frames = [.. _frames];
        _frames.Clear();
        FileBytes = 0;
        _missingBytes = 0;
        IsPoisoned = false;
        long offset = 0;
        (int Frame, long Offset)? between = null;
        bool hasEntries = false;
        for (int i = 0; i < frames.Length; offset += frames[i].Length, i++)
        {
            if (frames[i].Entries > 0 && isGood(i))
            {
                if (hasEntries && between is { } last)
                {
                    KeepStructure(last.Frame, last.Offset, Form.Framing.Between);
                }

                CopyFrame(directory, old, offset, frames[i]);
                hasEntries = true;
                continue;
            }

            // Structure is counted again when it is kept: of what stood between two frames one goes with each that is lost.
            _inFile.Entries -= frames[i].Entries;
            _inFile.RawBytes -= frames[i].RawBytes;
            if (frames[i].Entries == 0 && (i == 0 || i == frames.Length - 1))
            {
                KeepStructure(i, offset, i == 0 ? Form.Framing.ObjectPrefix : Form.Framing.ObjectSuffix);
            }
            else if (frames[i].Entries == 0)
            {
                between = (i, offset);
            }
        }

        void KeepStructure(int frame, long at, ReadOnlySpan<byte> bytes)
        {
            if (!isGood(frame))
            {
                AddStructure(directory, structure, bytes);
                return;
            }

            CopyFrame(directory, old, at, frames[frame]);
            _inFile.RawBytes += frames[frame].RawBytes;
        }
    }

    public void Add(long position, long timestamp, ReadOnlySpan<byte> payload)
    {
        int before = _buffer.Length;
        bool isFirst = _buffered.Entries == 0;
        if (isFirst)
        {
            Form.Framing.Open(_buffer, Form.Header);
        }

        Form.Framing.Write(_buffer, payload, isFirst);
        _buffered.Add(position, timestamp, _buffer.Length - before);
    }

    /// <summary>Turns what waits into one compressed frame at the end of the file.</summary>
    public void Flush(StorageDirectory directory, FrameMaker frames, PooledBuffer scratch)
    {
        // Not by its bytes: an entry may have none.
        if (_buffered.Entries == 0)
        {
            return;
        }

        int open = _buffer.Length;
        Form.Framing.Close(_buffer, _buffer.Written);
        _buffered.RawBytes += _buffer.Length - open;
        scratch.Clear();
        frames.Make(Form.Coder, _buffer.Written, scratch);

        // Last, for a compressor that fails must not leave it without what it stands before.
        AddStructure(directory, frames, _frames.Count == 0 ? Form.Framing.ObjectPrefix : _inFile.Entries > 0 ? Form.Framing.Between : default);
        AddFrame(directory, scratch, (int)_buffered.Entries, _buffer.Length);
        _inFile.Add(_buffered);
        _buffered = new ObjectTally();
        _buffer.Dispose();
    }

    /// <summary>Behind the last frame of an object that is sealed: what its framing closes it with.</summary>
    public void Finish(StorageDirectory directory, FrameMaker frames) => AddStructure(directory, frames, Form.Framing.ObjectSuffix);

    /// <summary>Makes the file durable and lets go of it: an open handle for each of ten thousand objects is too many.</summary>
    public void Sync()
    {
        if (!IsDirty)
        {
            return;
        }

        // Until it has returned without an error.
        IsPoisoned = true;
        _file!.Sync(SyncSite.StagedObject);
        IsPoisoned = false;
        _file.Dispose();
        _file = null;
        IsDirty = false;
    }

    /// <param name="routed">The packer's position: with nothing waiting the object needs the log from there on only.</param>
    public ObjectRecord ToRecord(long routed) => new()
    {
        Id = Id,
        Generation = Generation,
        Stream = Stream,
        Partition = Partition,
        Late = Late,
        OpenedUtcTicks = OpenedUtcTicks,
        Resume = FirstBuffered ?? routed,
        Frames = [.. _frames],
        Tally = _inFile,
    };

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        _buffer.Dispose();
    }

    /// <summary>A frame of its own for bytes around the entries. An object whose compressor is not at hand any more goes without.</summary>
    private void AddStructure(StorageDirectory directory, FrameMaker frames, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || IsClosedToFrames)
        {
            return;
        }

        using PooledBuffer frame = new();
        frames.Make(Form.Coder, bytes, frame);
        AddFrame(directory, frame, 0, bytes.Length);
        _inFile.RawBytes += bytes.Length;
    }

    private void AddFrame(StorageDirectory directory, PooledBuffer frame, int entries, int rawBytes)
    {
        OpenFile(directory);
        Write(frame.Written);
        _frames.Add(new CompressedFrame(frame.Length, Crc32C.Of(frame.Written), entries, rawBytes));
    }

    [MemberNotNull(nameof(_file))]
    private void OpenFile(StorageDirectory directory)
    {
        if (_file is not null)
        {
            return;
        }

        if (_frames.Count == 0)
        {
            // A file of that name can only be one that no checkpoint knows.
            directory.Delete(FileName);
            _file = directory.Create(FileName);
        }
        else
        {
            _file = directory.Open(FileName, writable: true)
                ?? throw new IOException($"The staged object {FileName} has vanished from {directory.Path}.");
        }
    }

    private void CopyFrame(StorageDirectory directory, StorageFile? old, long offset, CompressedFrame frame)
    {
        OpenFile(directory);

        // What the old file has not stays missing, so that the next frame is where the record says.
        long end = FileBytes + frame.Length;
        long there = old is null ? 0 : Math.Clamp(old.Length - offset, 0, frame.Length);
        byte[] piece = new byte[Math.Min(there, ObjectDigest.PieceBytes)];
        for (long done = 0; done < there; done += piece.Length)
        {
            Span<byte> bytes = piece.AsSpan(0, (int)Math.Min(piece.Length, there - done));
            Write(bytes[..BadSectors.Read(old!, offset + done, bytes, out _)]);
        }

        FileBytes = end;
        _frames.Add(frame);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        IsDirty = true;
        IsPoisoned = true;
        _file!.Write(FileBytes, bytes);
        IsPoisoned = false;
        FileBytes += bytes.Length;
    }
}
