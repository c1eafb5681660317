using Sink.Core.Tests.Journals;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.Load;

/// <summary>
/// Time for one loop that waits: it passes only while the loop waits, and by exactly as much as the loop asked for. So a test
/// sees each wait, and nothing races.
/// </summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly object _gate = new();

    // Owned by _gate.
    private Waiting? _waiting;
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => JournalWorld.Birth + new TimeSpan(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waiting waiting = new(this, callback, state, dueTime);
        lock (_gate)
        {
            Assert.Null(_waiting);
            _waiting = waiting;
            Monitor.PulseAll(_gate);
        }

        return waiting;
    }

    /// <summary>Returns when the loop waits; with how long it wants to.</summary>
    public TimeSpan AwaitWait()
    {
        lock (_gate)
        {
            while (_waiting is null)
            {
                if (!Monitor.Wait(_gate, JournalBench.Generous))
                {
                    throw new TimeoutException("The loop does not wait.");
                }
            }

            return _waiting.DueTime;
        }
    }

    /// <summary>Lets the time pass that the loop waits for, and wakes it.</summary>
    public void Pass()
    {
        Waiting waiting;
        lock (_gate)
        {
            waiting = _waiting!;
            _waiting = null;
            _now += waiting.DueTime.Ticks;
        }

        waiting.Callback(waiting.State);
    }

    private sealed class Waiting(SteppedTime time, TimerCallback callback, object? state, TimeSpan dueTime) : ITimer
    {
        public TimerCallback Callback => callback;

        public object? State => state;

        public TimeSpan DueTime => dueTime;

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (time._gate)
            {
                time._waiting = ReferenceEquals(time._waiting, this) ? null : time._waiting;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
