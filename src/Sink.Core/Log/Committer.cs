using Sink.Core.Diagnostics;

namespace Sink.Core.Log;

/// <summary>
/// When to commit: a batch latency after the oldest uncommitted entry, at once at a threshold, a full ring or a waiter,
/// and with a pause after a failure. <see cref="Run"/> is the loop of one dedicated thread.
/// </summary>
internal sealed class Committer
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(5);

    /// <summary>Asking for space costs nothing, and appenders are refused until it is found.</summary>
    private static readonly TimeSpan _refusedPause = TimeSpan.FromMilliseconds(50);

    private readonly JournalLog _log;
    private readonly JournalClock _clock;
    private readonly TimeSpan _latency;
    private readonly object _gate = new();

    // Owned by _gate.
    private bool _urgent;
    private bool _stop;
    private long? _oldest;

    public Committer(JournalLog log, JournalClock clock, TimeSpan latency)
    {
        _log = log;
        _clock = clock;
        _latency = latency;
        log.Wake = Wake;
    }

    /// <summary>Called, without locks, after each commit.</summary>
    public Action<TimeSpan> OnCommit { get; set; } = static _ => { };

    /// <summary>Asks for a commit: at once, or within the batch latency.</summary>
    public void Wake(bool urgent)
    {
        lock (_gate)
        {
            _urgent |= urgent;
            _oldest ??= _clock.Timestamp;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Lets the loop commit what there is, and end.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stop = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Run()
    {
        TimeSpan pause = TimeSpan.Zero;
        while (true)
        {
            bool stop = WaitForWork(pause);
            long started = _clock.Timestamp;
            bool done;
            while (done = _log.Commit())
            {
                OnCommit(_clock.Since(started));
                Linger(started);
                if (_log.Durable == _log.Head || !MoreIsUrgent())
                {
                    break;
                }

                started = _clock.Timestamp;
            }

            if (stop && (!done || _log.Durable == _log.Head))
            {
                return;
            }

            pause = _log.Stalled is null ? TimeSpan.Zero : _log.IsRefusing ? _refusedPause : Longer(pause);
        }
    }

    /// <summary>Waits until a commit is due; true when it is the last.</summary>
    private bool WaitForWork(TimeSpan pause)
    {
        lock (_gate)
        {
            long begun = _clock.Timestamp;
            while (!_stop)
            {
                TimeSpan left;
                if (pause > TimeSpan.Zero)
                {
                    // Stalled: appenders and waiters knock all the time, and must not turn the pause into a busy loop.
                    left = pause - _clock.Since(begun);
                }
                else if (_urgent)
                {
                    left = TimeSpan.Zero;
                }
                else
                {
                    left = _oldest is { } oldest ? _latency - _clock.Since(oldest) : Timeout.InfiniteTimeSpan;
                }

                if (left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan)
                {
                    break;
                }

                _clock.Wait(_gate, left);
            }

            _urgent = false;
            _oldest = null;
            return _stop;
        }
    }

    /// <summary>An entry that came while a commit ran wakes nobody, for the log was not idle: it is due a latency after that commit began.</summary>
    private void Linger(long started)
    {
        lock (_gate)
        {
            _oldest ??= started;
        }
    }

    private bool MoreIsUrgent()
    {
        lock (_gate)
        {
            return _urgent || _stop;
        }
    }

    private static TimeSpan Longer(TimeSpan pause)
    {
        if (pause == TimeSpan.Zero)
        {
            return TimeSpan.FromMilliseconds(50);
        }

        return pause * 2 < _longestPause ? pause * 2 : _longestPause;
    }
}
