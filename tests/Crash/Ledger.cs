namespace Crash;

/// <summary>
/// What was acknowledged against what the bucket holds. It remembers lives until they are settled; of those before it knows only
/// that none of their entries may come again.
/// </summary>
internal sealed class Ledger
{
    private const int MostFaults = 20;

    private readonly Dictionary<(int Life, int Thread), ThreadLedger> _threads = [];
    private readonly Dictionary<(string Stream, DateTime Date, int Thread), (int Life, long Number)> _newest = [];
    private readonly List<string> _faults = [];
    private long _settledAcknowledged;
    private int _settledLife = -1;

    /// <summary>Entries whose append was known to have returned.</summary>
    public long Acknowledged => _settledAcknowledged + _threads.Values.Sum(static thread => thread.Acknowledged);

    /// <summary>Entries in the bucket, those that were stored and not acknowledged any more included.</summary>
    public long Found { get; private set; }

    public long Lost { get; private set; }

    public long Doubled { get; private set; }

    public long OutOfOrder { get; private set; }

    /// <summary>Entries that nobody wrote, or not so.</summary>
    public long Invented { get; private set; }

    /// <summary>What else went against a promise: a report of loss, a gap in the ordinals, files left behind.</summary>
    public long Broken { get; private set; }

    public bool IsRight => (Lost, Doubled, OutOfOrder, Invented, Broken) == default;

    /// <summary>The first of them, in words.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Acknowledged entries that the bucket does not hold yet.</summary>
    public long Undelivered => _threads.Values.Sum(static thread => thread.Missing());

    public void Acknowledge(int life, int thread, long number) => Of(life, thread).Acknowledge(number);

    /// <summary>An object of the bucket, in the order of ordinals within its stream and date. Acknowledgements come first: what goes beyond them by more than a burst nobody wrote.</summary>
    public void Add(DeliveredObject delivered)
    {
        foreach (Entry? read in delivered.Entries)
        {
            if (read is not { } entry)
            {
                Invented++;
                Note($"{delivered.Key} holds an entry that nobody wrote");
                continue;
            }

            Found++;
            if (entry.Life <= _settledLife)
            {
                Doubled++;
                Note($"{delivered.Key} holds {entry} again, whose life was settled long since");
                continue;
            }

            ThreadLedger thread = Of(entry.Life, entry.Thread);
            if (entry.Number < 1 || entry.Number > thread.Acknowledged + Shape.MostInBurst)
            {
                Invented++;
                Note($"{delivered.Key} holds {entry}, of a thread that had {thread.Acknowledged} acknowledged");
            }
            else if (!thread.Find(entry.Number))
            {
                Doubled++;
                Note($"{delivered.Key} holds {entry} again");
            }
            else
            {
                CheckOrder(delivered, entry);
            }
        }
    }

    public void Break(string fault)
    {
        Broken++;
        Note(fault);
    }

    /// <summary>Everything up to this life must be there by now, and is forgotten.</summary>
    public void Settle(int life)
    {
        foreach (((int lifeOf, int threadOf), ThreadLedger thread) in _threads)
        {
            if (thread.Missing() is > 0 and var missing)
            {
                Lost += missing;
                Note($"{missing} of the {thread.Acknowledged} entries of life {lifeOf}, thread {threadOf}, are lost");
            }
        }

        _settledAcknowledged = Acknowledged;
        _settledLife = life;
        _threads.Clear();
    }

    private void CheckOrder(DeliveredObject delivered, Entry entry)
    {
        (string, DateTime, int) line = (delivered.Stream, delivered.Date, entry.Thread);
        (int Life, long Number) newest = _newest.GetValueOrDefault(line, (-1, 0));
        if (newest.CompareTo((entry.Life, entry.Number)) > 0)
        {
            OutOfOrder++;
            Note($"{delivered.Key} holds {entry} behind number {newest.Number} of life {newest.Life}");
        }
        else
        {
            _newest[line] = (entry.Life, entry.Number);
        }
    }

    private ThreadLedger Of(int life, int thread)
    {
        if (!_threads.TryGetValue((life, thread), out ThreadLedger? ledger))
        {
            _threads.Add((life, thread), ledger = new ThreadLedger());
        }

        return ledger;
    }

    private void Note(string fault)
    {
        if (_faults.Count < MostFaults)
        {
            _faults.Add(fault);
        }
    }
}
