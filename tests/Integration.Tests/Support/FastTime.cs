namespace Integration.Tests.Support;

/// <summary>
/// Time that passes some times as fast for a journal's pauses, ages and latencies: half a minute of backoff is over in half a second. Dates are
/// the true ones, and requests take as long as they take.
/// </summary>
internal sealed class FastTime(int times) : TimeProvider
{
    private readonly long _begun = System.GetTimestamp();

    public override long GetTimestamp() => _begun + ((System.GetTimestamp() - _begun) * times);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Real(dueTime), Real(period));

    private TimeSpan Real(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / times;
}
