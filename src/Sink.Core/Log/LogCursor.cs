namespace Sink.Core.Log;

/// <summary>Reads the committed log from a position on, segment after segment. Where bytes rotted or a segment is gone it reports the hole once and reads on behind it.</summary>
internal sealed class LogCursor(SegmentSet segments, Action<LogHole> onHole) : IDisposable
{
    private FrameReader? _reader;
    private SegmentName _name;
    private long _end;

    /// <summary>Where the next frame is looked for.</summary>
    public long Position { get; private set; }

    public void MoveTo(long position)
    {
        Close();
        Position = position;
    }

    /// <summary>The next entry below <paramref name="durable"/>; false when there is none. Valid until the next call.</summary>
    /// <exception cref="IOException">The disk does not give back what stands there; tried often enough, it is passed over as a hole.</exception>
    public bool TryNext(long durable, out FrameView frame)
    {
        try
        {
            return TryNextWhole(durable, out frame);
        }
        catch (IOException) when (_reader is not null)
        {
            segments.NoteReadFailure(_name);
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private bool TryNextWhole(long durable, out FrameView frame)
    {
        while (Position < durable)
        {
            if (_reader is null && !OpenReader(durable))
            {
                continue;
            }

            // A segment ends where its successor begins; that one may have come since the reader was opened.
            if (Position >= _end || !TryRead(durable, out frame))
            {
                if (!MoveOn(durable))
                {
                    continue;
                }

                _ = _reader!.TryRead(Position, out frame);
            }

            Position = frame.Next;
            if (!frame.IsPadding)
            {
                return true;
            }
        }

        frame = default;
        return false;
    }

    private bool TryRead(long durable, out FrameView frame)
    {
        if (_reader!.TryRead(Position, out frame))
        {
            return true;
        }

        // The window may have been read before these bytes were written.
        _reader.Refresh(durable);
        return _reader.TryRead(Position, out frame);
    }

    /// <summary>False when the position moved over a hole instead.</summary>
    private bool OpenReader(long durable)
    {
        if (segments.Locate(Position) is not { } located || located.Name.Base >= durable)
        {
            Skip(durable);
            return false;
        }

        if (located.Name.Base > Position)
        {
            Skip(located.Name.Base);
            return false;
        }

        SegmentSource? source = segments.Open(located.Name, located.End);
        if (source is null)
        {
            Skip(Math.Min(located.End, durable));
            return false;
        }

        (_name, _end) = located;
        _reader = new FrameReader(source);
        _reader.Refresh(durable);
        return true;
    }

    /// <summary>The next frame is not where the reader looked: a successor came, or there is damage. True when the reader stands at a valid frame.</summary>
    private bool MoveOn(long durable)
    {
        if (segments.Locate(Position) is not { } located || located.Name != _name || located.End != _end)
        {
            Close();
            return false;
        }

        long limit = Math.Min(_end, durable);
        long next = _reader!.Find(Position, limit);
        if (next == Position)
        {
            return true;
        }

        segments.MarkDamaged(_name);
        Skip(next < 0 ? limit : next);
        return false;
    }

    private void Skip(long to)
    {
        onHole(new LogHole(Position, to));
        Position = to;
        if (_reader is not null && to >= _end)
        {
            Close();
        }
    }

    private void Close()
    {
        _reader?.Dispose();
        _reader = null;
    }
}
