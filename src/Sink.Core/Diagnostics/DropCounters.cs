namespace Sink.Core.Diagnostics;

/// <summary>Dropped entries by cause since the journal was opened.</summary>
internal sealed class DropCounters(TimeProvider time)
{
    public const int Causes = (int)DropCause.GivenUp + 1;

    private readonly long[] _counts = new long[Causes];
    private long _lastLoss;

    public long this[DropCause cause] => Volatile.Read(ref _counts[(int)cause]);

    public long Total
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < Causes; i++)
            {
                sum += Volatile.Read(ref _counts[i]);
            }

            return sum;
        }
    }

    /// <summary>Since an entry was last lost to the disk's limits or to damage; null when none was. What is refused for its size, after the end or from our own delivery is no sign of trouble.</summary>
    public TimeSpan? SinceLastLoss => Volatile.Read(ref _lastLoss) is not 0 and long last ? time.GetElapsedTime(last) : null;

    public void Add(DropCause cause, long entries = 1)
    {
        Interlocked.Add(ref _counts[(int)cause], entries);
        if (cause is DropCause.DiskFull or DropCause.Stalled or DropCause.Damaged or DropCause.GivenUp)
        {
            // Never 0, which means never.
            Volatile.Write(ref _lastLoss, time.GetTimestamp() | 1);
        }
    }
}
