using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>
/// Opens a lane's log. Whatever recovery reads may be page cache that no disk holds, so everything from the recorded
/// durable position on is written anew into a segment and synced before anything is believed. Reads at most one
/// segment and one ring, whatever the backlog.
/// </summary>
internal sealed class LogRecovery : IDisposable
{
    /// <summary>Counters kept in the ring's header.</summary>
    public const int CounterCount = 16;

    /// <summary>The first position ever given out: above 0, so that zeroes never look like a frame at its place.</summary>
    public const long FirstPosition = 8;

    private const string SegmentTemporarySuffix = SegmentName.Suffix + StorageDirectory.TemporarySuffix;

    private readonly LogPlace _place;
    private readonly long _low;
    private readonly List<SegmentName> _names = [];
    private readonly Dictionary<SegmentName, long> _sizes = [];
    private readonly List<LogHole> _holes = [];
    private readonly List<string> _damages = [];
    private RingSource? _ring;
    private byte[]? _ringHeader;
    private long _ringCapacity;
    private bool _ringHasBadSectors;
    private bool _segmentHasBadSectors;
    private SegmentSource? _last;
    private SegmentName? _lastName;

    private LogRecovery(LogPlace place, long low)
    {
        _place = place;
        _low = low;
    }

    /// <param name="place">Where.</param>
    /// <param name="low">Position below which nothing is needed any more, by the checkpoint; null when there is none.</param>
    /// <param name="floor">A position at or above everything that was ever given out, as far as others than the log know.</param>
    /// <param name="lastRun">The highest run that others than the log know.</param>
    /// <param name="epoch">A new random epoch.</param>
    public static RecoveredLog Open(LogPlace place, long? low, long floor, uint lastRun, ulong epoch)
    {
        using LogRecovery recovery = new(place, low ?? 0);
        return recovery.Run(Math.Max(floor, FirstPosition), lastRun, epoch);
    }

    public void Dispose()
    {
        _ring?.Dispose();
        _last?.Dispose();
    }

    private RecoveredLog Run(long floor, uint lastRun, ulong epoch)
    {
        ListSegments();
        OpenOldRing();
        PickLast();
        uint known = Math.Max(lastRun, _last?.Run.Number ?? 0);
        if (_ring is not null && known > _ring.Run.Number)
        {
            // Whoever made that segment or checkpoint wrote anew all that this ring still held; a power loss brought its header back.
            _ring.Dispose();
            _ring = null;
        }

        long lastSequence = _names.Count == 0 ? 0 : _names[^1].Sequence;
        uint number = Math.Max(known, _ring?.Run.Number ?? 0) + 1;
        Run run = new(number, epoch);

        long start = Math.Max(_low, _last?.Start ?? 0);
        if (start == 0)
        {
            // Neither checkpoint nor segment: a new lane, or one killed before its first commit.
            start = Math.Max(FirstPosition, _ring?.Durable ?? 0);
        }

        FreeBelowLow();
        SegmentName rewritten = new(lastSequence + 1, start);
        long end = Rewrite(run, start, ref rewritten, out long rewrittenBytes);
        long next = Math.Max(end, floor);

        if (rewrittenBytes > 0)
        {
            _names.Add(rewritten);
            _sizes[rewritten] = rewrittenBytes;
            lastSequence = rewritten.Sequence;
        }

        SegmentSet segments = new(_place.Directory, _names.Select(name => new Segment(name, _sizes[name])), lastSequence, _place.Time);
        if ((_holes.Count > 0 || _segmentHasBadSectors) && _lastName is { } damaged)
        {
            segments.MarkDamaged(damaged);
        }

        segments.FreeBelow(_low, newestToo: rewrittenBytes == 0 && end <= _low);
        return new RecoveredLog(run, OpenRing(run, next), segments, next, _holes, _damages);
    }

    private void OpenOldRing()
    {
        if (_place.LastRing is not { Directory: { } directory, Name: var name })
        {
            return;
        }

        if (directory.IsLink(name))
        {
            _damages.Add(Quarantine.SetAside(directory, name, _place.Time.GetUtcNow()));
            return;
        }

        _ring = RingSource.Open(directory, name, 0);
        _ringHeader = _ring?.ReadHeader();
        _ringHasBadSectors = _ring?.HasBadSectors ?? false;

        // A copy of the lane may have holes where the ring had zeroes, and a store to one on a full disk ends the process.
        _ringCapacity = _ring is not null && _place.RingStays && !_ring.HasOtherNames && !_ring.HasHoles() ? _ring.Capacity : 0;
        if (_ring is null && !IsBlank(directory, name, RingHeader.RecordsEnd))
        {
            // Blank is what a power loss may leave of a new one, or a kill before its header was stored; anything else was
            // ours and is not any more. Behind the records stand single values: any may be there, or on the disk, without them.
            _damages.Add(Quarantine.SetAside(directory, name, _place.Time.GetUtcNow()));
        }
    }

    private void ListSegments()
    {
        foreach (StorageEntry entry in _place.Directory.List())
        {
            if (SegmentName.TryParse(entry.Name, out SegmentName name))
            {
                _names.Add(name);
                _sizes[name] = entry.Length;
            }
            else if (entry.Name.EndsWith(SegmentTemporarySuffix, StringComparison.Ordinal)
                && SegmentName.TryParse(entry.Name[..^StorageDirectory.TemporarySuffix.Length], out _))
            {
                // A rewrite that never got its name.
                _place.Directory.Delete(entry.Name);
            }
        }

        _names.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
    }

    /// <summary>The newest segment whose header can be read. One without is either torn (made, never committed) or damaged.</summary>
    private void PickLast()
    {
        for (int i = _names.Count - 1; i >= 0 && _last is null; i--)
        {
            SegmentName name = _names[i];
            _last = SegmentSource.Open(_place.Directory, name, long.MaxValue, passesBadSectors: true);
            if (_last is not null)
            {
                _lastName = name;
                continue;
            }

            _names.RemoveAt(i);
            if (IsBlank(_place.Directory, name.ToString(), SegmentHeader.Bytes) && (_ring is null || _ring.Durable <= Math.Max(name.Base, _low)))
            {
                // Nothing durable is missing: it was never committed, or is an old name that came back without its bytes.
                _place.Directory.Delete(name.ToString());
            }
            else
            {
                _damages.Add(Quarantine.SetAside(_place.Directory, name.ToString(), _place.Time.GetUtcNow()));
            }
        }
    }

    /// <summary>Whole segments that the checkpoint needs no more, and names that came back: before the rewrite, which may need their room.</summary>
    private void FreeBelowLow()
    {
        for (int i = _names.Count - 2; i >= 0; i--)
        {
            long end = _names[(i + 1)..].Min(static newer => newer.Base);
            if (end <= _low)
            {
                _place.Directory.Delete(_names[i].ToString());
                _names.RemoveAt(i);
            }
        }
    }

    /// <summary>
    /// Walks from <paramref name="start"/> on and writes everything from the first position that is not known to be
    /// durable, or not readable where it stands, into a new segment. Returns the position behind the last entry.
    /// </summary>
    private long Rewrite(Run run, long start, ref SegmentName name, out long fileBytes)
    {
        long durable = Math.Max(_ring?.Durable ?? start, start);
        SegmentSource? lastSegment = _last;
        RingSource? lastRing = _ring?.From(start);
        using FrameReader? segment = lastSegment is null ? null : new FrameReader(lastSegment);
        using FrameReader? ring = lastRing is null ? null : new FrameReader(lastRing);
        // Both readers own their sources from here on.
        _last = null;
        long ringLimit = _ring is null ? 0 : durable + _ring.Capacity;
        _ring = null;

        using SegmentRewriter rewriter = new(_place.Directory, run, name.Sequence);
        long position = start;
        while (true)
        {
            if (segment is not null && segment.TryRead(position, out FrameView frame))
            {
                if (position >= durable)
                {
                    rewriter.Begin(position);
                }

                rewriter.Add(frame);
                position = frame.Next;
                continue;
            }

            if (ring is not null && ring.TryRead(position, out frame))
            {
                rewriter.Begin(position);
                rewriter.Add(frame);
                position = frame.Next;
                continue;
            }

            long next = Nearest(
                segment?.Find(position + Frame.Alignment, long.MaxValue) ?? -1,
                ring?.Find(position + Frame.Alignment, ringLimit) ?? -1);
            if (next < 0)
            {
                next = Math.Max(position, durable);
            }

            if (next == position)
            {
                break;
            }

            // Below durable this is damage; above it, entries that a power loss took before they were committed.
            if (position < durable)
            {
                _holes.Add(new LogHole(position, Math.Min(next, durable)));
            }

            rewriter.Begin(position);
            rewriter.AddPadding(position, next);
            position = next;
        }

        _segmentHasBadSectors = lastSegment?.HasBadSectors ?? false;
        _ringHasBadSectors |= lastRing?.HasBadSectors ?? false;
        fileBytes = rewriter.Finish(out SegmentName? written);
        name = written ?? name;
        return position;
    }

    private Ring OpenRing(Run run, long next)
    {
        Span<long> counters = stackalloc long[CounterCount];
        if (_ringHeader is not null)
        {
            for (int i = 0; i < counters.Length; i++)
            {
                counters[i] = Math.Max(0, Ring.ReadCounter(_ringHeader, i));
            }
        }

        if (_ringHasBadSectors && _place.LastRing is { Directory: { } directory, Name: var name })
        {
            // A store to such a page would be the end of the process.
            _damages.Add(Quarantine.SetAside(directory, name, _place.Time.GetUtcNow()) + " Sectors of it cannot be read: what only they held is lost.");
            _ringCapacity = 0;
        }

        Ring ring = Ring.Open(_place.RingDirectory, _place.RingName, _place.RingBytes, run, next, counters, reuse: _ringCapacity == _place.RingBytes);
        ring.NoteOpenings(Math.Max(1, _ringHeader is null ? 0 : LanePhase.Read(_ringHeader).Openings));
        return ring;
    }

    private static bool IsBlank(StorageDirectory directory, string name, int headerBytes)
    {
        using StorageFile? file = directory.Open(name);
        byte[] header = new byte[headerBytes];
        bool hasBadSectors = false;
        int count = file is null ? 0 : BadSectors.Read(file, 0, header, out hasBadSectors);
        return !hasBadSectors && !header.AsSpan(0, count).ContainsAnyExcept((byte)0);
    }

    private static long Nearest(long a, long b) => a < 0 ? b : b < 0 ? a : Math.Min(a, b);
}
