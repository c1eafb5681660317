namespace Sink.Core.Diagnostics;

/// <summary>Dropped entries by cause since the journal was opened.</summary>
internal sealed class DropCounters
{
    public const int Causes = (int)DropCause.GivenUp + 1;

    private readonly long[] _counts = new long[Causes];

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

    public void Add(DropCause cause, long entries = 1) => Interlocked.Add(ref _counts[(int)cause], entries);
}
