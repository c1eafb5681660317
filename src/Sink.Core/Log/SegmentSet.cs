using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>The segments of a lane, oldest first. The committer adds, the packer reads and frees.</summary>
internal sealed class SegmentSet
{
    /// <summary>So often a segment is read again, with ever longer pauses, before a sector that cannot be read is taken for damage.</summary>
    public const int MostReadFailures = 5;

    private readonly StorageDirectory _directory;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    // Owned by _lock.
    private readonly List<Segment> _segments;
    private readonly HashSet<SegmentName> _damaged = [];
    private readonly Dictionary<SegmentName, int> _readFailures = [];
    private long _lastSequence;

    public SegmentSet(StorageDirectory directory, IEnumerable<Segment> segments, long lastSequence, TimeProvider time)
    {
        _directory = directory;
        _time = time;
        _segments = [.. segments];
        _lastSequence = lastSequence;
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _segments.Count;
            }
        }
    }

    /// <summary>Bytes of all segment files.</summary>
    public long FileBytes
    {
        get
        {
            lock (_lock)
            {
                long sum = 0;
                foreach (Segment segment in _segments)
                {
                    sum += segment.FileBytes;
                }

                return sum;
            }
        }
    }

    public SegmentName NextName(long start)
    {
        lock (_lock)
        {
            return new SegmentName(++_lastSequence, start);
        }
    }

    /// <summary>Notes the size of a segment, a new one at its first call.</summary>
    public void Note(SegmentName name, long fileBytes)
    {
        lock (_lock)
        {
            int index = _segments.FindLastIndex(segment => segment.Name == name);
            if (index >= 0)
            {
                _segments[index] = new Segment(name, fileBytes);
            }
            else
            {
                _segments.Add(new Segment(name, fileBytes));
            }
        }
    }

    /// <summary>
    /// The segment that holds a position and the position where its successor begins, else the first that begins
    /// above it (there is a gap then), else null.
    /// </summary>
    public (SegmentName Name, long End)? Locate(long position)
    {
        lock (_lock)
        {
            for (int i = 0; i < _segments.Count; i++)
            {
                long end = EndNeedsLock(i);
                if (end > position && end > _segments[i].Name.Base)
                {
                    return (_segments[i].Name, end);
                }
            }

            return null;
        }
    }

    /// <summary>A range of it could not be read: it is set aside, and not deleted, when it is needed no more.</summary>
    public void MarkDamaged(SegmentName name)
    {
        lock (_lock)
        {
            _damaged.Add(name);
        }
    }

    /// <summary>Null when it is missing, or its header says nothing we wrote.</summary>
    /// <exception cref="IOException">It cannot be opened now; or the directory itself is gone, which says nothing of what is in it.</exception>
    public SegmentSource? Open(SegmentName name, long end)
    {
        bool passesBadSectors;
        lock (_lock)
        {
            passesBadSectors = _readFailures.GetValueOrDefault(name) >= MostReadFailures;
        }

        SegmentSource? source;
        try
        {
            source = SegmentSource.Open(_directory, name, end, passesBadSectors);
        }
        catch (IOException)
        {
            NoteReadFailure(name);
            throw;
        }

        if (source is null && _directory.List().Any(entry => entry.Name == name.ToString()))
        {
            MarkDamaged(name);
        }

        return source;
    }

    /// <summary>A read of it failed. That may pass; when it does not, the readable rest is worth more than waiting.</summary>
    public void NoteReadFailure(SegmentName name)
    {
        lock (_lock)
        {
            _readFailures[name] = _readFailures.GetValueOrDefault(name) + 1;
        }
    }

    /// <summary>
    /// Deletes the segments that hold nothing at or above <paramref name="low"/>. The newest stays unless the log ends
    /// at <paramref name="low"/> and is closed. Deletes are not synced: a name that comes back is below the packed
    /// position, and deleted again at open.
    /// </summary>
    public void FreeBelow(long low, bool newestToo = false)
    {
        List<SegmentName> free = [];
        lock (_lock)
        {
            for (int i = 0; i < _segments.Count; i++)
            {
                bool newest = i == _segments.Count - 1;
                if (newest ? newestToo : EndNeedsLock(i) <= low || EndNeedsLock(i) <= _segments[i].Name.Base)
                {
                    free.Add(_segments[i].Name);
                }
            }
        }

        foreach (SegmentName name in free)
        {
            bool damaged;
            lock (_lock)
            {
                damaged = _damaged.Contains(name);
            }

            if (damaged)
            {
                Quarantine.SetAsideIfThere(_directory, name.ToString(), _time.GetUtcNow());
            }
            else
            {
                _directory.Delete(name.ToString());
            }

            // Not before: one that could not be deleted takes its space still, and is tried again.
            lock (_lock)
            {
                _segments.RemoveAll(segment => segment.Name == name);
            }
        }
    }

    /// <summary>A segment ends where any newer one begins, whatever it holds beyond.</summary>
    private long EndNeedsLock(int index)
    {
        long end = long.MaxValue;
        for (int i = index + 1; i < _segments.Count; i++)
        {
            end = Math.Min(end, _segments[i].Name.Base);
        }

        return end;
    }
}
