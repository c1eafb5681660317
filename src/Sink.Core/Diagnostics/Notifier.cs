namespace Sink.Core.Diagnostics;

/// <summary>
/// Hands failures and deliveries to whoever listens, on a thread of its own: a listener may log into the same journal, wait, or throw,
/// and none of the journal's work may stand still for it. Failures come first, and have a bound of their own.
/// </summary>
internal sealed class Notifier
{
    /// <summary>Failures that wait for a slow listener; later ones are counted and left out.</summary>
    private const int MostWaiting = 256;

    /// <summary>Deliveries that wait for a slow callback, some 300 bytes each: a flush of as many streams as a journal may have makes one for each.</summary>
    private const int MostDeliveries = 10_000;

    private readonly object _gate = new();
    private readonly bool _toStandardError;

    // Owned by _gate.
    private readonly Queue<JournalFailure> _waiting = [];
    private readonly List<Action<JournalFailure>> _listeners = [];
    private readonly Queue<DeliveredObject> _delivered = [];
    private readonly List<DeliveryListener> _deliveryListeners = [];
    private long _leftOut;
    private long _deliveriesLeftOut;
    private bool _started;
    private bool _printed;
    private bool _busy;

    public Notifier(bool toStandardError)
    {
        _toStandardError = toStandardError;
    }

    /// <summary>The newest failure's message.</summary>
    public string? LastError { get; private set; }

    /// <summary>Notices that no callback was called for yet.</summary>
    public int WaitingDeliveries
    {
        get
        {
            lock (_gate)
            {
                return _delivered.Count;
            }
        }
    }

    public void AddListeners(IEnumerable<Action<JournalFailure>> listeners)
    {
        lock (_gate)
        {
            _listeners.AddRange(listeners.Where(listener => !_listeners.Contains(listener)));
        }
    }

    public void AddDeliveryListeners(IEnumerable<Action<DeliveredObject>> listeners)
    {
        lock (_gate)
        {
            _deliveryListeners.AddRange(listeners.Where(added => _deliveryListeners.TrueForAll(listener => listener.Callback != added)).Select(static added => new DeliveryListener(added)));
        }
    }

    /// <summary>Says that the store has an object; nobody is held up.</summary>
    public void Tell(DeliveredObject delivered)
    {
        lock (_gate)
        {
            if (_deliveryListeners.Count == 0)
            {
                return;
            }

            if (_delivered.Count < MostDeliveries)
            {
                _delivered.Enqueue(delivered);
                WakeNeedsLock();
            }
            else if (_deliveriesLeftOut++ == 0)
            {
                Report(new JournalFailure(JournalFailureKind.Temporary, $"{MostDeliveries} notices wait for a callback of OnObjectDelivered, the first of them of {_delivered.Peek().Key}: further ones are left out until it has caught up. The objects are delivered all the same."));
            }
        }
    }

    public void Report(JournalFailure failure)
    {
        lock (_gate)
        {
            // Advice is no error, and must not take the one line that the first failure has.
            bool isAdvice = failure.Kind == JournalFailureKind.Advice;
            LastError = isAdvice ? LastError : failure.Message;
            if (_listeners.Count == 0)
            {
                if (isAdvice || !_toStandardError || _printed)
                {
                    return;
                }

                _printed = true;
            }

            EnqueueNeedsLock(failure);
        }
    }

    /// <summary>Waits until the listeners have heard all, at most that long. False from a listener itself, at once.</summary>
    public bool Drain(TimeSpan timeout)
    {
        long end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        lock (_gate)
        {
            while (_waiting.Count > 0 || _delivered.Count > 0 || _busy)
            {
                long left = end - Environment.TickCount64;
                if (left <= 0 || Thread.CurrentThread.Name == ThreadName)
                {
                    return false;
                }

                Monitor.Wait(_gate, (int)left);
            }

            return true;
        }
    }

    private const string ThreadName = "s3journal notify";

    private void EnqueueNeedsLock(JournalFailure failure)
    {
        if (_waiting.Count >= MostWaiting)
        {
            _leftOut++;
            return;
        }

        _waiting.Enqueue(failure);
        WakeNeedsLock();
    }

    private void WakeNeedsLock()
    {
        Monitor.PulseAll(_gate);
        if (!_started)
        {
            _started = true;
            // Without the flow of whoever reports: from a delivery, a listener's own log lines would be taken for the
            // delivery's, and not be stored.
            new Thread(Run) { IsBackground = true, Name = ThreadName }.UnsafeStart();
        }
    }

    private void Run()
    {
        OwnWork.MarkThread();
        while (true)
        {
            Action step;
            lock (_gate)
            {
                _busy = false;
                Monitor.PulseAll(_gate);
                while (_waiting.Count == 0 && _delivered.Count == 0)
                {
                    if (!Monitor.Wait(_gate, TimeSpan.FromSeconds(30)) && _waiting.Count == 0 && _delivered.Count == 0)
                    {
                        // An idle journal needs no thread for this; the next failure starts one.
                        _started = false;
                        return;
                    }
                }

                _busy = true;
                step = _waiting.Count > 0 ? TakeFailureNeedsLock() : TakeDeliveryNeedsLock();
            }

            step();
        }
    }

    private Action TakeFailureNeedsLock()
    {
        JournalFailure failure = _waiting.Dequeue();
        if (_leftOut > 0 && _waiting.Count == 0)
        {
            failure = failure with { Message = $"{failure.Message} ({_leftOut} more failures were left out: the listener was too slow.)" };
            _leftOut = 0;
        }

        Action<JournalFailure>[] listeners = [.. _listeners];
        return () =>
        {
            if (listeners.Length == 0)
            {
                Print(failure);
            }

            foreach (Action<JournalFailure> listener in listeners)
            {
                Tell(listener, failure);
            }
        };
    }

    private Action TakeDeliveryNeedsLock()
    {
        DeliveredObject delivered = _delivered.Dequeue();
        long leftOut = _delivered.Count == 0 ? _deliveriesLeftOut : 0;
        _deliveriesLeftOut -= leftOut;
        DeliveryListener[] listeners = [.. _deliveryListeners];
        return () =>
        {
            foreach (DeliveryListener listener in listeners)
            {
                if (listener.Call(delivered) is { } failure)
                {
                    Report(failure);
                }
            }

            if (leftOut > 0)
            {
                Report(new JournalFailure(JournalFailureKind.Temporary, $"{leftOut} notices of delivered objects were left out, for a callback of OnObjectDelivered was too slow; {delivered.Key} was the last before them. The objects are in the store."));
            }
        };
    }

    /// <summary>On this thread: whoever reads standard error may have stopped reading.</summary>
    private static void Print(JournalFailure failure)
    {
        try
        {
            Console.Error.WriteLine($"S3Journal: {failure.Message} (Said once; set OnFailure to hear of all failures.)");
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Standard error is closed: there is nobody to tell.
        }
    }

    private void Tell(Action<JournalFailure> listener, JournalFailure failure)
    {
        try
        {
            listener(failure);
        }
        catch (Exception exception)
        {
            // A listener's fault is its own; it must not cost the others their report.
            lock (_gate)
            {
                LastError = $"A failure listener threw: {exception.Message}";
            }
        }
    }
}
