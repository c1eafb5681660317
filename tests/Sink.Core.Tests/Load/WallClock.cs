namespace Sink.Core.Tests.Load;

/// <summary>A wall clock that stands still until a test sets it, also back, while the journal runs; everything else is measured as always.</summary>
internal sealed class WallClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public void Step(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
