using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>Copies committed batches from the ring into segments of this run, and rolls them. Used by the committer only.</summary>
internal sealed class CommitWriter : IDisposable
{
    private const long MostReserved = 4L << 20;

    private readonly LogPlace _place;
    private readonly Ring _ring;
    private readonly SegmentSet _segments;
    private readonly Run _run;
    private readonly bool _fsync;
    private SegmentWriter? _segment;

    public CommitWriter(LogPlace place, RecoveredLog recovered, bool fsync)
    {
        _place = place;
        _ring = recovered.Ring;
        _segments = recovered.Segments;
        _run = recovered.Run;
        _fsync = fsync;
    }

    public Action<JournalFailure> Report { get; set; } = static _ => { };

    /// <summary>Null when the bytes are durable.</summary>
    public Exception? TryWrite(long from, long end, bool endsInPadding)
    {
        try
        {
            if (_segment is not null && _segment.Written >= _place.SegmentBytes)
            {
                // Rolled at a batch's end, and whole: everything in it was synced by earlier commits.
                _segment.Dispose();
                _segment = null;
            }

            _segment ??= SegmentWriter.Create(_place.Directory, _segments.NextName(from), _run, Math.Min(MostReserved, _place.SegmentBytes / 16));
            for (long position = from; position < end;)
            {
                int count = (int)Math.Min(_ring.ToWrap(position), end - position);
                _segment.Write(position, _ring.At(position, count));
                position += count;
            }

            if (endsInPadding)
            {
                _segment.ExtendTo(end);
            }

            if (_fsync)
            {
                _segment.Sync(SyncSite.Commit);
            }

            _segments.Note(_segment.Name, _segment.FileBytes);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception;
        }
    }

    /// <summary>Never touches that file again. One that holds nothing committed goes, so that a stall does not leave a file a try.</summary>
    public void Abandon(long durable)
    {
        if (_segment is null)
        {
            return;
        }

        SegmentName name = _segment.Name;
        _segment.Dispose();
        _segment = null;
        if (name.Base >= durable)
        {
            try
            {
                _place.Directory.Delete(name.ToString());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Harmless: a newer sequence takes its place, and the next open deletes it.
                Report(new JournalFailure(JournalFailureKind.Temporary, $"A segment that could not be written stays behind: {exception.Message}", 0, exception));
            }
        }
    }

    public void Dispose()
    {
        _segment?.Dispose();
        _segment = null;
    }
}
