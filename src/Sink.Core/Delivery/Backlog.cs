namespace Sink.Core.Delivery;

/// <summary>
/// The sealed objects that are not delivered yet, by ordinal. The packer adds and gives up, the uploader takes. One
/// object of a stream and partition is on its way at a time.
/// </summary>
internal sealed class Backlog
{
    /// <summary>An object that failed more often, while others passed in between, is itself the trouble.</summary>
    private const int MostFailuresBesideOthers = 3;

    private readonly Lock _lock = new();

    // Owned by _lock.
    private readonly SortedDictionary<long, Item> _items = [];
    private readonly HashSet<uint> _busy = [];
    private readonly List<SealedName> _damaged = [];
    private readonly BacklogWaiters _waiters = new();
    private long _entries;
    private long _bytes;
    private long _delivered;
    private long _deliveredObjects;
    private int _parked;
    private long _failedLast = -1;

    private enum State
    {
        Waiting,
        InFlight,
        Parked,
        Damaged,
    }

    /// <summary>Called, without locks, when there may be something to take.</summary>
    public Action Wake { get; set; } = static () => { };

    /// <summary>Called, without locks, when the packer has a damaged object to settle.</summary>
    public Action OnDamaged { get; set; } = static () => { };

    public long Entries => Volatile.Read(ref _entries);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Entries the store confirmed in this run.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Objects the store confirmed in this run.</summary>
    public long DeliveredObjects => Volatile.Read(ref _deliveredObjects);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _items.Count;
            }
        }
    }

    /// <summary>Whether <see cref="TryGiveUpOldest"/> would find one.</summary>
    public bool HasIdle
    {
        get
        {
            lock (_lock)
            {
                return _items.Values.Any(static item => item.State is State.Waiting or State.Parked);
            }
        }
    }

    public int Parked
    {
        get
        {
            lock (_lock)
            {
                return _parked;
            }
        }
    }

    public void Add(SealedName name, long bytes)
    {
        lock (_lock)
        {
            _items.Add(name.Ordinal, new Item(name, bytes, State.Waiting));
            _entries += name.Entries;
            _bytes += bytes;
        }

        Wake();
    }

    /// <summary>Below it every ordinal is settled; <paramref name="next"/> when all are.</summary>
    public long Settled(long next)
    {
        lock (_lock)
        {
            return _items.Count > 0 ? Math.Min(_items.Keys.First(), next) : next;
        }
    }

    /// <summary>The sealed object with the lowest ordinal; null when there is none.</summary>
    public SealedName? Oldest
    {
        get
        {
            lock (_lock)
            {
                return _items.Values.FirstOrDefault()?.Name;
            }
        }
    }

    /// <summary>The lowest ordinal that may go on its way now.</summary>
    public bool TryTake(out SealedName name)
    {
        lock (_lock)
        {
            // Behind the one that failed last first: an object that never passes must not be the only one that is tried.
            return TryTakeNeedsLock(_failedLast, out name) || TryTakeNeedsLock(-1, out name);
        }
    }

    private bool TryTakeNeedsLock(long after, out SealedName name)
    {
        foreach ((long ordinal, Item item) in _items)
        {
            if (ordinal > after && item.State == State.Waiting && _busy.Add(item.Name.PartitionHash))
            {
                _items[ordinal] = item with { State = State.InFlight };
                name = item.Name;
                return true;
            }
        }

        name = default;
        return false;
    }

    /// <summary>It could not be put: tried again, or parked when others passed each time it did not. True when it is parked, and was not before.</summary>
    public bool ReturnFailed(SealedName name)
    {
        lock (_lock)
        {
            _failedLast = name.Ordinal;
            if (_items.TryGetValue(name.Ordinal, out Item? item))
            {
                bool othersPassed = item.Failures > 0 && _deliveredObjects > item.DeliveredAtFailure;
                int failures = item.Failures == 0 || othersPassed ? item.Failures + 1 : item.Failures;
                _items[name.Ordinal] = item with { Failures = failures, DeliveredAtFailure = _deliveredObjects };
                if (failures > MostFailuresBesideOthers)
                {
                    return ParkNeedsLock(name);
                }
            }

            ReturnNeedsLock(name, State.Waiting);
            return false;
        }
    }

    /// <summary>It is tried again slowly. True when that is news of this object.</summary>
    public bool Park(SealedName name)
    {
        lock (_lock)
        {
            return ParkNeedsLock(name);
        }
    }

    /// <summary>The store has it.</summary>
    public void Confirm(SealedName name)
    {
        lock (_lock)
        {
            _busy.Remove(name.PartitionHash);
            _failedLast = -1;
            _delivered += name.Entries;
            _deliveredObjects++;
            RemoveNeedsLock(name);
        }

        Wake();
    }

    /// <summary>It stays, to be tried again.</summary>
    public void Return(SealedName name)
    {
        lock (_lock)
        {
            ReturnNeedsLock(name, State.Waiting);
        }
    }

    /// <summary>Its bytes rotted: the packer sets it aside.</summary>
    public void SetAside(SealedName name)
    {
        lock (_lock)
        {
            if (ReturnNeedsLock(name, State.Damaged))
            {
                _damaged.Add(name);
            }
        }

        OnDamaged();
    }

    /// <summary>Nothing will be delivered any more: whoever waits hears of it, and whoever comes.</summary>
    public void End(Exception cause)
    {
        lock (_lock)
        {
            _waiters.End(cause);
        }
    }

    /// <summary>Parked objects get another try.</summary>
    public void Unpark()
    {
        lock (_lock)
        {
            if (_parked == 0)
            {
                return;
            }

            foreach ((long ordinal, Item item) in _items.ToArray())
            {
                if (item.State == State.Parked)
                {
                    _items[ordinal] = item with { State = State.Waiting, Failures = 0 };
                }
            }

            _parked = 0;
        }

        Wake();
    }

    /// <summary>Objects that the store refused.</summary>
    public IReadOnlyList<SealedName> ParkedNames()
    {
        lock (_lock)
        {
            return [.. _items.Values.Where(static item => item.State == State.Parked).Select(static item => item.Name)];
        }
    }

    /// <summary>Objects whose bytes rotted, each once: the packer notes them in a checkpoint and sets them aside.</summary>
    public IReadOnlyList<SealedName> TakeDamaged()
    {
        lock (_lock)
        {
            if (_damaged.Count == 0)
            {
                return [];
            }

            SealedName[] damaged = [.. _damaged];
            _damaged.Clear();
            return damaged;
        }
    }

    /// <summary>Takes the oldest object that is not on its way out of delivery's sight; its files are still there.</summary>
    public bool TryGiveUpOldest(out SealedName name)
    {
        lock (_lock)
        {
            foreach ((long ordinal, Item item) in _items)
            {
                if (item.State is State.Waiting or State.Parked)
                {
                    // Damaged: nobody takes it any more, and it is not settled before the checkpoint says so.
                    _items[ordinal] = item with { State = State.Damaged };
                    _parked -= item.State == State.Parked ? 1 : 0;
                    name = item.Name;
                    return true;
                }
            }

            name = default;
            return false;
        }
    }

    /// <summary>It will not be delivered, and a checkpoint says so.</summary>
    public void Drop(SealedName name)
    {
        lock (_lock)
        {
            RemoveNeedsLock(name);
        }
    }

    /// <summary>Completes when no ordinal below the given one is pending but parked ones, with the number of these.</summary>
    public Task<int> WhenSettledBelow(long ordinal)
    {
        lock (_lock)
        {
            Task<int> settled = _waiters.Add(ordinal);
            CompleteNeedsLock();
            return settled;
        }
    }

    private bool ParkNeedsLock(SealedName name)
    {
        bool isNews = _items.TryGetValue(name.Ordinal, out Item? item) && !item.WasParked;
        if (ReturnNeedsLock(name, State.Parked))
        {
            _parked++;
            _items[name.Ordinal] = _items[name.Ordinal] with { WasParked = true };
        }

        return isNews;
    }

    private bool ReturnNeedsLock(SealedName name, State state)
    {
        _busy.Remove(name.PartitionHash);
        if (!_items.TryGetValue(name.Ordinal, out Item? item))
        {
            return false;
        }

        _items[name.Ordinal] = item with { State = state };
        CompleteNeedsLock();
        return true;
    }

    private void RemoveNeedsLock(SealedName name)
    {
        if (_items.Remove(name.Ordinal, out Item? item))
        {
            _entries -= name.Entries;
            _bytes -= item.Bytes;
            _parked -= item.State == State.Parked ? 1 : 0;
            CompleteNeedsLock();
        }
    }

    private void CompleteNeedsLock()
    {
        if (_waiters.IsEmpty)
        {
            return;
        }

        int parked = 0;
        foreach ((long ordinal, Item item) in _items)
        {
            _waiters.Complete(ordinal, parked);
            if (item.State != State.Parked)
            {
                return;
            }

            parked++;
        }

        _waiters.Complete(long.MaxValue, parked);
    }

    private sealed record Item(SealedName Name, long Bytes, State State, int Failures = 0, long DeliveredAtFailure = 0, bool WasParked = false);
}
