using Sink.Core.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>
/// The durable queue: appenders copy entries into the ring, <see cref="Commit"/> makes them durable in a segment.
/// Ring space is free only below durable, so whatever a failed sync lost can be written again.
/// </summary>
internal sealed partial class JournalLog
{
    /// <summary>Uncommitted bytes that wake the committer before its time.</summary>
    private const int EagerBytes = 1024 * 1024;

    private readonly LogPlace _place;
    private readonly LogLimits _limits;
    private readonly JournalClock _clock;
    private readonly DiskBudget _budget;
    private readonly Ring _ring;
    private readonly uint _seed;
    private readonly long _capacity;
    private readonly Func<long> _readDurable;

    private readonly Lock _appendLock = new();

    // Owned by _appendLock; _head is also read by others.
    private long _head;
    private long _appended;
    private bool _closed;
    private long _wakeAtHead;
    private long _wakeAtAppended;

    // Owned by the committer, read by all.
    private long _durable;
    private long _committed;
    private volatile CommitCount _inSegments;
    private volatile string? _refusal;
    private volatile Exception? _stalled;

    // Owned by the committer.
    private readonly RingFrames _frames;
    private readonly CommitWriter _writer;
    private long _stalledAt;
    private long _droppedSeen;
    private long _droppedBegin = -1;

    private readonly long[] _mirrored = new long[DropCounters.Causes];

    private long _longestWaitTicks;
    private long _damagedBytes;
    private long _committedAt;

    public JournalLog(RecoveredLog recovered, LogPlace place, LogLimits limits, JournalClock clock, DiskBudget budget)
    {
        _place = place;
        _limits = limits;
        _clock = clock;
        _budget = budget;
        _ring = recovered.Ring;
        _capacity = recovered.Ring.Capacity;
        Dropped = new DropCounters(clock.Provider);
        Run = recovered.Run;
        _seed = recovered.Run.Seed;
        Segments = recovered.Segments;
        _frames = new RingFrames(_ring, _seed);
        _writer = new CommitWriter(place, recovered, limits.Fsync) { Report = failure => Report(failure) };
        _head = recovered.Next;
        _durable = recovered.Next;
        _inSegments = new CommitCount(recovered.Next, 0);
        _readDurable = () => Durable;
        _committedAt = clock.Timestamp;
        Queue = new CommitQueue(clock);
        budget.SetRing(_capacity + RingHeader.Bytes);
        budget.SetSegments(Segments.FileBytes);
    }

    public Run Run { get; }

    /// <summary>Monotonic time of the newest commit: what an append may know of the time without asking for it.</summary>
    public long CommittedAt => Volatile.Read(ref _committedAt);

    /// <summary>Counts and reports what is gone: how many entries stood there nobody knows.</summary>
    public void NoteHole(LogHole hole)
    {
        Interlocked.Add(ref _damagedBytes, hole.To - hole.From);
        Report(new JournalFailure(JournalFailureKind.Permanent, $"The log in {_place.Directory.Path} has nothing readable from {hole.From} to {hole.To}: {hole.To - hole.From} bytes of entries are lost."));
    }

    public SegmentSet Segments { get; }

    public CommitQueue Queue { get; }

    /// <summary>No entry of any stream is taken any more.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    public DropCounters Dropped { get; }

    /// <summary>Bytes below the durable watermark that could not be read.</summary>
    public long DamagedBytes => Volatile.Read(ref _damagedBytes);

    /// <summary>Called, without locks, when the committer should look: the first uncommitted entry (false), or a threshold, a full ring, a waiter (true).</summary>
    public Action<bool> Wake { get; set; } = static _ => { };

    /// <summary>Called by the committer when something failed or came right again.</summary>
    public Action<JournalFailure> Report { get; set; } = static _ => { };

    /// <summary>Called by the committer when the disk or its budget refuses a commit.</summary>
    public Action OnRefused { get; set; } = static () => { };

    /// <summary>Whether <see cref="WhenFull.DropOldest"/> has something older to give up: then a refused append waits for that, for at most the stall time.</summary>
    public Func<bool> HasOlder { get; set; } = static () => false;

    /// <summary>Called by the committer when the watermark has moved.</summary>
    public Action OnDurable { get; set; } = static () => { };

    /// <summary>Position behind the newest entry.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>What the next commit takes, at most half the ring.</summary>
    public long NextCommitBytes => Math.Min(Head - Durable, _capacity / 2);

    /// <summary>Everything below is durable.</summary>
    public long Durable => Volatile.Read(ref _durable);

    /// <summary>Entries appended in this run.</summary>
    public long Appended => Volatile.Read(ref _appended);

    /// <summary>What the commits of this run have put into segments: whoever reads them can tell how many are missing.</summary>
    public CommitCount InSegments => _inSegments;

    /// <summary>Why nothing can be committed at present; null while all is well.</summary>
    public Exception? Stalled => _stalled;

    /// <summary>The disk or its budget is full: appends do not touch the ring.</summary>
    public bool IsRefusing => _refusal is not null;

    public TimeSpan LongestWait => new(Volatile.Read(ref _longestWaitTicks));

    /// <summary>The run's seed moved over a stream's name, for <see cref="Append"/>.</summary>
    public uint NameState(ReadOnlySpan<byte> name) => Crc32C.Update(_seed, name);

    /// <summary>Completes when everything below a position is durable.</summary>
    public Task WhenDurableAsync(long end, CancellationToken cancellationToken) => Queue.WaitAsync(_readDurable, end, cancellationToken);

    /// <summary>Returns when everything below a position is durable.</summary>
    public void WaitDurable(long end, TimeSpan timeout) => Queue.Wait(_readDurable, end, timeout);

    /// <summary>Notes what the packer does; only its thread calls it.</summary>
    public void NotePacking(PackingPhase phase) => _ring.NotePacking(phase);

    /// <summary>Notes how many objects are on their way; only the delivery thread calls it.</summary>
    public void NoteUploads(int count) => _ring.NoteUploads(count);

    /// <summary>Notes that recovery is over and appends are taken.</summary>
    public void NoteOpen()
    {
        _ring.NotePacking(PackingPhase.Idle);
        _ring.NoteOpenings(0);
    }

    /// <summary>Makes appenders be refused from now on; when it returns, none is inside.</summary>
    public void Close() => Close(TimeSpan.FromMilliseconds(int.MaxValue));

    /// <summary>Makes appenders be refused from now on; when it returns true, none is inside. False: one hangs in there, held up by the kernel.</summary>
    public bool Close(TimeSpan timeout)
    {
        bool entered = _appendLock.TryEnter(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);
        Volatile.Write(ref _closed, true);
        if (entered)
        {
            _appendLock.Exit();
        }

        Queue.Complete(Durable);
        return entered;
    }

    /// <summary>Makes a stream's appenders be refused from now on. Behind the position returned no entry of theirs is accepted.</summary>
    /// <exception cref="JournalException">An appender hangs inside, held up by the kernel.</exception>
    public long Close(AppendGate gate)
    {
        if (!_appendLock.TryEnter(_limits.StallAfter))
        {
            throw new JournalException("The stream cannot be closed at present: an append hangs in the kernel. Try again.");
        }

        try
        {
            gate.IsClosed = true;
            return _head;
        }
        finally
        {
            _appendLock.Exit();
        }
    }

    /// <summary>No commit will come any more.</summary>
    public void Fail(Exception cause)
    {
        Close(_limits.StallAfter);
        Queue.Fail(cause, forEver: true);
    }

    /// <summary>Unmaps the ring. Only after <see cref="Close()"/> returned, and after the committer has ended.</summary>
    public void Release()
    {
        _writer.Dispose();
        _ring.Dispose();
    }

    /// <summary>
    /// One group commit: copies what was appended, at most half the ring, into a segment, syncs it, moves the
    /// watermark. Only the committer calls it. False when there was nothing, or nothing could be done.
    /// </summary>
    public bool Commit()
    {
        long from = _durable;
        long head;
        long appended;
        lock (_appendLock)
        {
            head = _head;
            appended = _appended;
            bool idle = head == from;
            _wakeAtHead = idle ? 0 : head + Math.Min(EagerBytes, _capacity / 4);
            _wakeAtAppended = idle ? 0 : appended + _limits.MaxBatchSize;
            MirrorCountersNeedsLock();
        }

        ReportDrops();
        if (head == from)
        {
            // With nothing to commit there is no commit to show that space came back.
            if (_refusal is not null && MayGrow())
            {
                Recovered();
                Queue.Complete(from);
            }

            return false;
        }

        Volatile.Write(ref _committedAt, _clock.Timestamp);
        _ring.NoteCommitting(true);
        try
        {
            return CommitUpTo(from, head, appended);
        }
        finally
        {
            _ring.NoteCommitting(false);
        }
    }

    private bool CommitUpTo(long from, long head, long appended)
    {
        long end = _frames.Check(from, head, out long entries, out bool endsInPadding);
        try
        {
            if (_budget.Refusal(end - from) is { } refusal)
            {
                Stall(new IOException(refusal), refusal);
                OnRefused();
                return false;
            }
        }
        catch (IOException exception)
        {
            // A volume that cannot even tell its free space: as one that takes no commit.
            Stall(exception, refusal: null);
            return false;
        }

        Exception? failure = _writer.TryWrite(from, end, endsInPadding);
        if (failure is not null)
        {
            // The file may have lost what it was given, and a second sync would say "ok" all the same. The ring still
            // holds everything from durable on: once more, into a new file.
            _writer.Abandon(from);
            failure = _writer.TryWrite(from, end, endsInPadding);
        }

        if (failure is not null)
        {
            _writer.Abandon(from);
            Stall(failure, refusal: null);
            return false;
        }

        _budget.SetSegments(Segments.FileBytes);
        _committed += entries;
        _inSegments = new CommitCount(end, _inSegments.Entries + entries);
        if (end == head && _committed < appended)
        {
            long lost = appended - _committed;
            _committed = appended;
            Dropped.Add(DropCause.Damaged, lost);
            Report(new JournalFailure(JournalFailureKind.Permanent, $"The ring of {_place.Directory.Path} no longer held {lost} entries as they were written; they are lost.", lost));
        }

        if (end <= from || end > head)
        {
            throw new InvalidOperationException($"The durable watermark would move from {from} to {end} with the log ending at {head}.");
        }

        Volatile.Write(ref _durable, end);
        _ring.NoteDurable(end);
        Recovered();
        Queue.Complete(end);
        OnDurable();
        return true;
    }

    /// <summary>Once when entries begin to be dropped, and once, with their number, when that is over.</summary>
    private void ReportDrops()
    {
        long dropped = Dropped[DropCause.DiskFull] + Dropped[DropCause.Stalled];
        if (dropped > _droppedSeen)
        {
            if (_droppedBegin < 0)
            {
                _droppedBegin = _droppedSeen;
                Report(new JournalFailure(JournalFailureKind.Permanent, $"Entries are dropped in {_place.Directory.Path}, by WhenFull = {_limits.WhenFull}: {_stalled?.Message ?? "the ring was full, and the disk did not take it over in time."}", dropped - _droppedSeen, _stalled));
            }

            _droppedSeen = dropped;
        }
        else if (_droppedBegin >= 0 && _stalled is null)
        {
            long lost = dropped - _droppedBegin;
            _droppedBegin = -1;
            Report(new JournalFailure(JournalFailureKind.Permanent, $"{lost} entries were dropped in {_place.Directory.Path}; entries are stored again.", lost));
        }
    }

    private bool MayGrow()
    {
        try
        {
            return _budget.MayGrow;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Stall(Exception cause, string? refusal)
    {
        bool news = _stalled is null;
        _stalledAt = news ? _clock.Timestamp : _stalledAt;
        _stalled = cause;
        _refusal = refusal;
        if (refusal is null || _clock.Since(_stalledAt) >= _limits.StallAfter)
        {
            Queue.Fail(cause, forEver: false);
        }
        else
        {
            // Room may be made at any moment, by a delivery or by giving up the oldest: who waits for a sync waits on.
            Queue.Complete(Durable);
        }

        if (news)
        {
            Report(new JournalFailure(JournalFailureKind.Temporary, $"Nothing can be committed in {_place.Directory.Path}: {cause.Message}", 0, cause));
        }
    }

    private void Recovered()
    {
        if (_stalled is not null)
        {
            _stalled = null;
            _refusal = null;
        }
    }

    /// <summary>Drops are counted where they survive the process, so that received = delivered + backlog + dropped holds after a kill.</summary>
    private void MirrorCountersNeedsLock()
    {
        for (int i = 0; i < DropCounters.Causes; i++)
        {
            ref long counter = ref _ring.Counter(i);
            long delta = Dropped[(DropCause)i] - _mirrored[i];
            if (delta != 0)
            {
                counter += delta;
                _mirrored[i] += delta;
            }
        }
    }
}
