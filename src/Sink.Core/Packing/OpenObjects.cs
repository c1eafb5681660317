using Sink.Core.Diagnostics;
using Sink.Core.Log;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>
/// The objects that take entries, with the bounds they share: bytes that wait in buffers, files written and not synced,
/// objects open at a time. Used by the packing thread only.
/// </summary>
internal sealed class OpenObjects(StorageDirectory directory, PackingPlan plan, JournalClock clock) : IDisposable
{
    /// <summary>Files that may be written but not yet synced at a time: each holds a handle.</summary>
    private const int MostDirtyFiles = 64;

    private readonly Dictionary<(string Stream, string Partition), StagedObject> _objects = [];
    private readonly List<StagedObject> _finished = [];
    private readonly PooledBuffer _scratch = new();
    private StagedObject? _newest;
    private long _touch;
    private long _bufferBytes;
    private int _dirty;

    public required DiskBudget Budget { get; init; }

    public required FrameMaker Frames { get; init; }

    /// <summary>What all take on disk, or will when they are sealed: an object that has no file yet is sealed some time.</summary>
    public long DiskBytes { get; private set; }

    /// <summary>Bytes that wait for a file, at most.</summary>
    public long BufferBytes => _bufferBytes;

    /// <summary>Monotonic time as it was a moment ago: looked at once for many entries.</summary>
    public long Now { get; set; } = clock.Timestamp;

    public int Count => _objects.Count + _finished.Count;

    public IEnumerable<StagedObject> All => _objects.Values.Concat(_finished);

    /// <summary>
    /// Those that take no more entries, for they are full or the compressor they were begun with is not at hand: the next checkpoint seals
    /// them as they are, and an object of the same stream and date goes on behind each.
    /// </summary>
    public IReadOnlyList<StagedObject> Finished => _finished;

    /// <summary>The newest one used, when it is the one asked for: most entries go where the one before them went.</summary>
    public StagedObject? Newest(ReadOnlySpan<char> stream, string partition, StreamForm form) =>
        _newest is { } staged && ReferenceEquals(staged.Partition, partition) && ReferenceEquals(staged.Form, form) && stream.SequenceEqual(staged.Stream) ? staged : null;

    public IEnumerable<StagedObject> OfStream(string stream) => _objects.Values.Where(staged => staged.Stream == stream);

    public StagedObject? Find(string stream, string partition) => _objects.GetValueOrDefault((stream, partition));

    public void Open(StagedObject staged)
    {
        _objects.Add((staged.Stream, staged.Partition), staged);
        staged.TouchedTimestamp = Now;
        Grow(staged.DiskBytes);
    }

    /// <summary>It takes no more entries; the next checkpoint seals it, and another object of the same stream and date may go on behind it.</summary>
    public void Finish(StagedObject staged)
    {
        Flush(staged);
        _objects.Remove((staged.Stream, staged.Partition));
        _finished.Add(staged);
        _newest = null;
    }

    public void AddFinished(StagedObject staged)
    {
        _finished.Add(staged);
        Grow(staged.DiskBytes);
    }

    /// <summary>An object's file is another one now.</summary>
    public void Grow(long bytes)
    {
        Budget.AddStaged(bytes);
        DiskBytes += bytes;
    }

    /// <summary>Takes an object out that is sealed, and keeps its space, or has nothing.</summary>
    public void Close(StagedObject staged, bool isSealed)
    {
        if (!isSealed)
        {
            Budget.AddStaged(-staged.DiskBytes);
        }

        if (!_finished.Remove(staged))
        {
            _objects.Remove((staged.Stream, staged.Partition));
        }

        DiskBytes -= staged.DiskBytes;
        _newest = ReferenceEquals(_newest, staged) ? null : _newest;
        staged.Dispose();
    }

    /// <summary>Takes all out, as for a new beginning; what their files take is again what the checkpoint says.</summary>
    public void Clear()
    {
        foreach (StagedObject staged in All)
        {
            staged.Dispose();
        }

        _objects.Clear();
        _finished.Clear();
        _newest = null;
        _bufferBytes = 0;
        _dirty = 0;
        Budget.AddStaged(-DiskBytes);
        DiskBytes = 0;
    }

    public void Add(StagedObject staged, in FrameView frame)
    {
        int capacity = staged.BufferCapacity;
        staged.Add(frame.Position, frame.Timestamp, frame.Payload);
        staged.Touched = ++_touch;
        staged.TouchedTimestamp = Now;
        _newest = staged;
        _bufferBytes += staged.BufferCapacity - capacity;
        if (staged.BufferedBytes >= plan.FrameBytes)
        {
            Flush(staged);
        }

        if (_bufferBytes > plan.BufferBytes)
        {
            FlushFullest();
        }
    }

    /// <param name="staged">The object.</param>
    /// <param name="last">Nothing comes behind: it is sealed.</param>
    public void Flush(StagedObject staged, bool last = false)
    {
        bool wasDirty = staged.IsDirty;
        _bufferBytes -= staged.BufferCapacity;
        long before = staged.DiskBytes;
        staged.Flush(directory, Frames, _scratch);
        if (last)
        {
            staged.Finish(directory, Frames);
        }

        Grow(staged.DiskBytes - before);
        _bufferBytes += staged.BufferCapacity;
        _dirty += staged.IsDirty && !wasDirty ? 1 : 0;
        if (_dirty > MostDirtyFiles)
        {
            Sync();
        }
    }

    /// <summary>An eighth of the room at once: to look for the fullest of many thousands at each entry would cost more than to pack it.</summary>
    private void FlushFullest()
    {
        foreach (StagedObject staged in _objects.Values.OrderByDescending(static candidate => candidate.BufferCapacity))
        {
            if (_bufferBytes <= plan.BufferBytes / 8 * 7)
            {
                return;
            }

            Flush(staged);
        }
    }

    /// <summary>Flushes those that wait for entries below a position.</summary>
    public void FlushBelow(long position)
    {
        foreach (StagedObject staged in _objects.Values)
        {
            if (staged.FirstBuffered < position)
            {
                Flush(staged);
            }
        }
    }

    public void Sync()
    {
        foreach (StagedObject staged in All)
        {
            staged.Sync();
        }

        _dirty = 0;
    }

    /// <summary>The lowest position that an object still needs the log from; <paramref name="routed"/> when none does.</summary>
    public long Low(long routed)
    {
        long low = routed;
        foreach (StagedObject staged in _objects.Values)
        {
            low = Math.Min(low, staged.FirstBuffered ?? low);
        }

        return low;
    }

    /// <summary>Those to be sealed by size, by age, because they are idle, because their partition's time is over, or to make room for others.</summary>
    /// <param name="partitionNow">The partition of this moment for a form.</param>
    public List<StagedObject> Due(Func<StreamForm, string> partitionNow)
    {
        List<StagedObject> due = [];
        foreach (StagedObject staged in _objects.Values)
        {
            if (!staged.IsEmpty
                && (staged.FileBytes >= (staged.Form.Definition?.MaxObjectBytes ?? plan.MaxObjectBytes)
                    || clock.Since(staged.TouchedTimestamp) >= plan.IdleTimeout
                    || clock.Since(staged.OpenedTimestamp) >= (staged.Form.Definition?.MaxObjectAge ?? plan.MaxObjectAge)
                    || (!staged.Late && staged.Partition != partitionNow(staged.Form))))
            {
                due.Add(staged);
            }
        }

        if (_objects.Count - due.Count > plan.MaxOpenObjects)
        {
            // A tenth at once: one checkpoint for many, not one for each new object.
            int surplus = _objects.Count - plan.MaxOpenObjects + (plan.MaxOpenObjects / 10);
            due = [.. due.Union(_objects.Values.Where(static staged => !staged.IsEmpty).OrderBy(static staged => staged.Touched).Take(surplus))];
        }

        return due;
    }

    public void Dispose()
    {
        foreach (StagedObject staged in All)
        {
            staged.Dispose();
        }

        _scratch.Dispose();
        Frames.Dispose();
    }
}
