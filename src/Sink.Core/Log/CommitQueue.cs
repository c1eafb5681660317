using Sink.Core.Diagnostics;

namespace Sink.Core.Log;

/// <summary>
/// Those who wait for the durable watermark: callers that want their entry synced, and appenders that want room in
/// the ring. One gate; the committer pulses it after each commit, good or bad.
/// </summary>
internal sealed class CommitQueue(JournalClock clock)
{
    private readonly object _gate = new();

    // Owned by _gate.
    private readonly List<(long End, TaskCompletionSource Done)> _tasks = [];
    private long _failures;
    private Exception? _cause;
    private bool _ended;

    /// <summary>Waits until <paramref name="durable"/> reaches <paramref name="end"/>.</summary>
    /// <exception cref="JournalException">It did not in time, or the commit failed: the outcome is unknown.</exception>
    public void Wait(Func<long> durable, long end, TimeSpan timeout)
    {
        long started = clock.Timestamp;
        lock (_gate)
        {
            long failures = _failures;
            while (durable() < end)
            {
                if (_ended || _failures != failures)
                {
                    throw Unknown(_cause);
                }

                TimeSpan left = timeout - clock.Since(started);
                if (left <= TimeSpan.Zero)
                {
                    throw new JournalException($"The entry was not synced within {timeout}; outcome unknown: it is in the journal and may still be delivered. See the journal's failures for the cause.");
                }

                clock.Wait(_gate, left);
            }
        }
    }

    public Task WaitAsync(Func<long> durable, long end, CancellationToken cancellationToken)
    {
        TaskCompletionSource done;
        lock (_gate)
        {
            if (durable() >= end)
            {
                return Task.CompletedTask;
            }

            if (_ended)
            {
                return Task.FromException(Unknown(_cause));
            }

            // User code must never run on the committer.
            done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _tasks.Add((end, done));
        }

        return cancellationToken.CanBeCanceled ? done.Task.WaitAsync(cancellationToken) : done.Task;
    }

    /// <summary>Waits for any commit, for at most that long.</summary>
    public void WaitForRoom(Func<bool> hasRoom, TimeSpan timeout)
    {
        lock (_gate)
        {
            if (!hasRoom() && !_ended)
            {
                clock.Wait(_gate, timeout);
            }
        }
    }

    /// <summary>The watermark moved.</summary>
    public void Complete(long durable)
    {
        lock (_gate)
        {
            for (int i = _tasks.Count - 1; i >= 0; i--)
            {
                if (_tasks[i].End <= durable)
                {
                    _tasks[i].Done.SetResult();
                    _tasks.RemoveAt(i);
                }
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>A commit failed for good, or (<paramref name="forEver"/>) there will be none any more: whoever waits hears of it.</summary>
    public void Fail(Exception cause, bool forEver)
    {
        lock (_gate)
        {
            _failures++;
            _cause = cause;
            _ended |= forEver;
            foreach ((long _, TaskCompletionSource done) in _tasks)
            {
                done.SetException(Unknown(cause));

                // Seen: whoever waited with a token that has ended looks at it no more.
                _ = done.Task.Exception;
            }

            _tasks.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    private static JournalException Unknown(Exception? cause) =>
        new($"The entry could not be synced; outcome unknown: it may still be delivered. {cause?.Message}", cause);
}
