using Sink.Core.Diagnostics;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;

namespace Sink.Core.Lanes;

/// <summary>Packs what is committed, on one dedicated thread; the only one that seals, drops and writes checkpoints.</summary>
internal sealed class PackingLoop
{
    /// <summary>How often time is looked at while objects are open.</summary>
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(10);

    private readonly Lane _lane;
    private readonly JournalClock _clock;
    private readonly Action<JournalFailure> _report;
    private readonly Ballast _ballast;
    private readonly object _gate = new();

    // Owned by _gate.
    private readonly List<(long Position, string? Stream, TaskCompletionSource<long> Done)> _requests = [];
    private bool _wake;
    private bool _stop;
    private Exception? _ended;

    // Owned by the loop.
    private bool _failed;
    private readonly CompressionPace _pace;

    private TimeSpan Tick => _lane.Packer.ShortestAge < _tick ? _lane.Packer.ShortestAge : _tick;

    public PackingLoop(Lane lane, JournalClock clock, Action<JournalFailure> report)
    {
        _ballast = new Ballast(lane.Place.Directory, lane.MayTake);
        _lane = lane;
        _clock = clock;
        _report = report;
        _pace = new CompressionPace(clock, report);
    }

    public void Wake()
    {
        lock (_gate)
        {
            _wake = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Completes when everything below the position, of one stream or of all, is sealed, with the ordinal below which it stands.</summary>
    public Task<long> SealBelowAsync(long position, string? stream = null)
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                return Task.FromException<long>(_ended);
            }

            TaskCompletionSource<long> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _requests.Add((position, stream, done));
            _wake = true;
            Monitor.Pulse(_gate);
            return done.Task;
        }
    }

    /// <summary>Lets the loop end after its present step; a lane with nothing left is closed.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stop = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>No step will come any more: whoever waits hears of it.</summary>
    public void Fail(Exception cause)
    {
        lock (_gate)
        {
            _ended ??= cause;
        }

        FailRequests(cause);
    }

    private void FailRequests(Exception cause)
    {
        List<(long Position, string? Stream, TaskCompletionSource<long> Done)> requests;
        lock (_gate)
        {
            requests = [.. _requests];
            _requests.Clear();
        }

        foreach ((_, _, TaskCompletionSource<long> done) in requests)
        {
            done.TrySetException(cause);
        }
    }

    public void Run()
    {
        TimeSpan pause = TimeSpan.Zero;
        bool more = true;
        bool told = false;
        long checkpoints = _lane.Packer.Checkpoints;
        while (WaitForWork(more, _failed ? pause : TimeSpan.Zero))
        {
            try
            {
                if (_failed)
                {
                    _lane.Reload();
                    _pace.Begin(isSettled: false);
                    _failed = false;
                }

                more = _lane.Pack();
                LookAtPace(more);
                Serve();
                if (!more || _lane.Packer.Checkpoints > checkpoints)
                {
                    // Not before: a piece that went well after a failure is packed from the same checkpoint as the last time.
                    pause = TimeSpan.Zero;
                    checkpoints = _lane.Packer.Checkpoints;
                    told = false;
                    _lane.IsShortOfSpace = _lane.IsShortOfSpace && more;
                    _ballast.Restore();
                }
            }
            catch (CompressorFailedException)
            {
                // It was reported. From the last checkpoint on, without that compressor.
                _failed = true;
                pause = Longer(pause);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                bool full = DiskBudget.IsFull(exception);
                _lane.IsShortOfSpace |= full;
                if (full && _ballast.Release())
                {
                    // The space goes to what frees more: the last frames, a checkpoint, then whole segments.
                    _failed = true;
                    more = true;
                    pause = TimeSpan.Zero;
                    continue;
                }

                if (told)
                {
                    // Not a hiccup: whoever waits for a seal must not hang as long as the disk does.
                    FailRequests(new JournalException($"Packing in {_lane.Place.Directory.Path} fails, so nothing is sealed for delivery; what is stored stays, and it is tried again. {exception.Message}", exception));
                }
                else
                {
                    _report(new JournalFailure(JournalFailureKind.Temporary, $"Packing in {_lane.Place.Directory.Path} failed and begins again at the last checkpoint: {exception.Message}", 0, exception));
                }

                told = true;
                _failed = true;
                pause = Longer(pause);
            }
        }

        if (Close())
        {
            // Else it stays: the next open may meet a full disk.
            _ballast.Release();
        }

        _lane.Log.NotePacking(PackingPhase.Idle);
    }

    /// <summary>Whether nothing is left in the lane.</summary>
    private bool Close()
    {
        bool done = false;
        try
        {
            done = !_failed && _lane.TryClose();
            if (!_failed && !done)
            {
                // What stays is packed as far as it goes, so that the next open has less to do.
                _lane.Packer.FreeLog();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CompressorFailedException)
        {
            _report(new JournalFailure(JournalFailureKind.Temporary, $"The last checkpoint in {_lane.Place.Directory.Path} could not be written; the next open packs again from the one before: {exception.Message}", 0, exception));
        }

        Fail(new JournalException("The journal is closed."));
        return done;
    }

    private void LookAtPace(bool more)
    {
        Packer packer = _lane.Packer;
        if (more && packer.IsCaughtUp)
        {
            _pace.Look(packer.CompressorName, _lane.Log.Head, packer.Routed, packer.Compressing);
        }
        else
        {
            _pace.Begin(isSettled: !more);
        }
    }

    /// <summary>False when the loop is to end.</summary>
    private bool WaitForWork(bool more, TimeSpan pause)
    {
        _lane.Log.NotePacking(PackingPhase.Idle);
        lock (_gate)
        {
            long begun = _clock.Timestamp;
            while (!_stop)
            {
                TimeSpan left;
                if (pause > TimeSpan.Zero)
                {
                    left = pause - _clock.Since(begun);
                }
                else if (more || _wake)
                {
                    left = TimeSpan.Zero;
                }
                else
                {
                    left = _lane.Packer.OpenObjects > 0 || _lane.Log.IsRefusing ? Tick - _clock.Since(begun) : Timeout.InfiniteTimeSpan;
                }

                if (left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan)
                {
                    break;
                }

                _clock.Wait(_gate, left);
            }

            _wake = false;
            _lane.Log.NotePacking(PackingPhase.Packing);
            return !_stop;
        }
    }

    /// <summary>Seals for all whose position is packed: in one checkpoint, and one for each stream that is closed.</summary>
    private void Serve()
    {
        List<(long Position, string? Stream, TaskCompletionSource<long> Done)> ready;
        lock (_gate)
        {
            ready = _requests.FindAll(request => request.Position <= _lane.Packer.Routed);
        }

        foreach (IGrouping<string?, (long Position, string? Stream, TaskCompletionSource<long> Done)> requests in ready.GroupBy(static request => request.Stream))
        {
            if (_lane.SealBelow(requests.Max(static request => request.Position), requests.Key) is not { } ordinal)
            {
                return;
            }

            lock (_gate)
            {
                _requests.RemoveAll(requests.Contains);
            }

            foreach ((_, _, TaskCompletionSource<long> done) in requests)
            {
                done.TrySetResult(ordinal);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause)
    {
        if (pause == TimeSpan.Zero)
        {
            return TimeSpan.FromMilliseconds(100);
        }

        return pause * 2 < _longestPause ? pause * 2 : _longestPause;
    }
}
