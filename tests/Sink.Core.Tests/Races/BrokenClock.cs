namespace Sink.Core.Tests.Races;

/// <summary>The system's time, which throws what no code expects to whoever a test names: a defect in any thread that looks at it.</summary>
internal sealed class BrokenClock : TimeProvider
{
    private volatile Func<bool> _isVictim = static () => false;

    public void BreakFor(Func<bool> isVictim) => _isVictim = isVictim;

    /// <summary>Breaks for threads whose name begins so.</summary>
    public void BreakFor(string thread) => BreakFor(() => Thread.CurrentThread.Name?.StartsWith(thread, StringComparison.Ordinal) == true);

    public override long GetTimestamp() => _isVictim() ? throw new InvalidOperationException("a defect") : base.GetTimestamp();
}
