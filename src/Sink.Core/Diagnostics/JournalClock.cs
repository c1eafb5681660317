namespace Sink.Core.Diagnostics;

/// <summary>
/// Time for the journal's own threads. They wait on monitors, never on the pool's timers: an application that blocks
/// its pool must not stop the threads that would unblock it.
/// </summary>
internal sealed class JournalClock(TimeProvider provider)
{
    /// <summary>Monitors take no longer one.</summary>
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(20);

    public TimeProvider Provider => provider;

    /// <summary>Wall clock: for keys and partitions only.</summary>
    public DateTimeOffset UtcNow => provider.GetUtcNow();

    /// <summary>Monotonic: for latencies, ages, backoff and stalls.</summary>
    public long Timestamp => provider.GetTimestamp();

    public TimeSpan Since(long timestamp) => provider.GetElapsedTime(timestamp);

    /// <summary>Waits on a gate that the caller holds, until it is pulsed or the time is over. Returns early as it likes: callers look at their condition again.</summary>
    public void Wait(object gate, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            Monitor.Wait(gate);
            return;
        }

        if (timeout <= TimeSpan.Zero)
        {
            return;
        }

        if (ReferenceEquals(provider, TimeProvider.System))
        {
            Monitor.Wait(gate, timeout < _longestWait ? timeout : _longestWait);
            return;
        }

        // A test's clock: its timer fires when the test moves the time.
        using ITimer timer = provider.CreateTimer(static gate => Pulse(gate!), gate, timeout, Timeout.InfiniteTimeSpan);
        Monitor.Wait(gate);
    }

    public static void Pulse(object gate)
    {
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }
}
