using Sink.Core.Diagnostics;
using Sink.Core.Log;

namespace Sink.Core.Lanes;

/// <summary>A lane at work: its three threads, and its lock until the last of them has ended.</summary>
internal sealed class LaneHost
{
    /// <summary>Threads that do not hang end well within this; a shorter shutdown time-out does not leave the lock behind.</summary>
    private static readonly TimeSpan _leastToEnd = TimeSpan.FromMilliseconds(700);

    private readonly IDisposable _lock;
    private readonly JournalClock _clock;
    private readonly Action<JournalFailure> _report;
    private readonly Committer _committer;
    private readonly PackingLoop _packing;
    private readonly DeliveryLoop _delivery;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running = 3;
    private Exception? _failure;

    private LaneHost(Lane lane, IDisposable laneLock, LaneSettings settings, int maxUploads, Action<JournalFailure> report)
    {
        Lane = lane;
        _lock = laneLock;
        _clock = lane.Place.Clock;
        _report = report;
        _committer = new Committer(lane.Log, _clock, settings.Limits.MaxBatchLatency);
        _packing = new PackingLoop(lane, _clock, report);
        _delivery = new DeliveryLoop(lane, _clock, maxUploads, report);
    }

    public Lane Lane { get; }

    public int InFlight => _delivery.InFlight;

    /// <summary>Every thread has ended, and the lock is free.</summary>
    public bool HasEnded => _released.Task.IsCompleted;

    /// <summary>The loops ended by a failure: nothing will be committed or delivered any more.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Opens the lane and starts its threads; takes over the lock, whatever happens.</summary>
    public static LaneHost Open(LanePlace place, IDisposable laneLock, LaneSettings settings, int maxUploads, Action<JournalFailure> report)
    {
        try
        {
            // An epoch of its own at each open: a restored snapshot or a copied directory never uses a key again.
            LaneHost host = new(Lane.Open(place, settings, epoch: place.Random.Next(), report), laneLock, settings, maxUploads, report);
            host.Start();
            return host;
        }
        catch
        {
            laneLock.Dispose();
            throw;
        }
    }

    /// <summary>Asks for a commit at once.</summary>
    public void WakeCommitter() => _committer.Wake(urgent: true);

    /// <summary>Delivers what was appended before the call. Cut short by the token, it tells what still waits.</summary>
    /// <exception cref="JournalException">The log cannot commit, the journal failed, or the store refuses objects for good.</exception>
    public async Task<FlushResult> FlushAsync(CancellationToken cancellationToken)
    {
        long delivered = Lane.Backlog.Delivered;
        long appended = Lane.Log.Appended;
        long head = Lane.Log.Head;
        try
        {
            WakeCommitter();
            await Lane.Log.WhenDurableAsync(head, cancellationToken).ConfigureAwait(false);
            long ordinal = await _packing.SealBelowAsync(head).WaitAsync(cancellationToken).ConfigureAwait(false);
            int parked = await Lane.Backlog.WhenSettledBelow(ordinal).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (parked > 0)
            {
                throw Refused(parked, Lane.Backlog.ParkedNames().Take(5).Select(static name => name.ToString()));
            }

            return new FlushResult(Lane.Backlog.Delivered - delivered, 0);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What came after the flush began is not its business.
            long later = Lane.Log.Appended - appended;
            return new FlushResult(Lane.Backlog.Delivered - delivered, Math.Max(0, Lane.BacklogEntries - later));
        }
    }

    /// <summary>Delivers a stream's entries below a position.</summary>
    /// <exception cref="JournalException">As in <see cref="FlushAsync"/>; of refused objects only the stream's count.</exception>
    public async Task DeliverStreamAsync(string stream, long position, CancellationToken cancellationToken)
    {
        WakeCommitter();
        await Lane.Log.WhenDurableAsync(position, cancellationToken).ConfigureAwait(false);
        long ordinal = await _packing.SealBelowAsync(position, stream).WaitAsync(cancellationToken).ConfigureAwait(false);
        int parked = await Lane.Backlog.WhenSettledBelow(ordinal).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (parked > 0 && Lane.ParkedOf(stream, ordinal) is { Count: > 0 } refused)
        {
            throw Refused(refused.Count, refused.Select(static name => name.ToString()));
        }
    }

    private JournalException Refused(int count, IEnumerable<string> names) =>
        new($"The store {Lane.Place.Store.Location} refuses {count} objects ({string.Join(", ", names)}); they are kept in {Lane.Place.Directory.Path} and tried again slowly. The failures reported for them say why.");

    /// <summary>Stops intake, commits, seals, delivers until the time-out, and lets go, which may take a second more. Returns the entries that stay on disk.</summary>
    public long Close(TimeSpan timeout)
    {
        long begun = TimeProvider.System.GetTimestamp();
        Lane.Log.Close(Left());
        _committer.Stop();
        Wait(_committed.Task, Left());
        Task<long> sealing = _packing.SealBelowAsync(Lane.Log.Durable);
        if (Wait(sealing, Left()) && !Lane.Uploader.IsStoreAway)
        {
            Wait(Lane.Backlog.WhenSettledBelow(sealing.Result), Left());
        }

        _delivery.Stop();
        _packing.Stop();
        TimeSpan left = Left();
        Wait(_released.Task, left > TimeSpan.Zero ? left + _leastToEnd : _leastToEnd);
        Lane.Backlog.End(new JournalException("The journal is closed."));
        return Lane.BacklogEntries;

        TimeSpan Left() => timeout - TimeProvider.System.GetElapsedTime(begun);
    }

    /// <summary>False when it failed or took longer.</summary>
    private static bool Wait(Task task, TimeSpan timeout)
    {
        try
        {
            return task.Wait(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);
        }
        catch (AggregateException)
        {
            // Whoever failed it has reported why.
            return false;
        }
    }

    private void Start()
    {
        Lane.Log.OnDurable = _packing.Wake;
        Lane.Log.OnRefused = _packing.Wake;
        Lane.Backlog.OnDamaged = _packing.Wake;
        _committer.OnCommit = JournalMeter.Commit;
        Lane.Uploader.OnPut = JournalMeter.Put;
        Start("commit", () =>
        {
            _committer.Run();
            // Whoever asks only now for what was not committed must not wait for a commit that never comes.
            Lane.Log.Queue.Fail(Lane.Log.Stalled ?? new JournalException("The journal is closed."), forEver: true);
            _committed.TrySetResult();
        });
        Start("pack", _packing.Run);
        Start("deliver", _delivery.Run, _delivery.WaitForUploads);
        _packing.Wake();
        _delivery.Wake();
    }

    /// <param name="name">The thread's name.</param>
    /// <param name="loop">What it runs.</param>
    /// <param name="beforeEnd">What the thread still waits for, also when the loop threw, and after whoever waits was told.</param>
    private void Start(string name, Action loop, Action? beforeEnd = null)
    {
        LoopThread thread = new($"s3journal {name} {Lane.Place.Number}", loop, Fail, () =>
        {
            beforeEnd?.Invoke();
            OnEnded();
        });
        thread.Start();
    }

    /// <summary>A loop ended that should not have: nobody may wait for it, and the application goes on.</summary>
    private void Fail(Exception cause)
    {
        if (Interlocked.CompareExchange(ref _failure, cause, null) is not null)
        {
            // One loop's end may take another with it; that is the same failure.
            return;
        }

        JournalException failed = new($"The journal in {Lane.Place.Directory.Path} has failed: {cause.Message}", cause);
        Lane.Log.Fail(cause);
        _packing.Fail(failed);
        Lane.Backlog.End(failed);
        _committed.TrySetResult();
        _committer.Stop();
        _packing.Stop();
        _delivery.Stop();
        _report(new JournalFailure(JournalFailureKind.Final, $"The journal in {Lane.Place.Directory.Path} has failed and takes no more entries; what it holds is delivered by the next open. {cause.Message}", 0, cause));
    }

    /// <summary>The last thread unmaps the ring and lets the lock go: before, a next owner would meet a living one.</summary>
    private void OnEnded()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            Lane.Dispose();
            _lock.Dispose();
            _released.TrySetResult();
        }
    }
}
