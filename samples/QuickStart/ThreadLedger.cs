namespace QuickStart;

/// <summary>What was read back of one thread's events.</summary>
internal sealed class ThreadLedger
{
    private readonly HashSet<long> _seen = [];
    private long _last;

    /// <summary>Different events.</summary>
    public long Found => _seen.Count;

    /// <summary>Events that were there before.</summary>
    public long Doubled { get; private set; }

    /// <summary>Events that stand behind one that was logged later.</summary>
    public long OutOfOrder { get; private set; }

    public void Add(long sequence)
    {
        if (!_seen.Add(sequence))
        {
            Doubled++;
        }
        else if (sequence < _last)
        {
            OutOfOrder++;
        }
        else
        {
            _last = sequence;
        }
    }

    /// <summary>Events 1 to <paramref name="last"/> that are not there.</summary>
    public long MissingUpTo(long last)
    {
        long missing = 0;
        for (long sequence = 1; sequence <= last; sequence++)
        {
            missing += _seen.Contains(sequence) ? 0 : 1;
        }

        return missing;
    }
}
