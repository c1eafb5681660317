namespace Sink.Core.Diagnostics;

/// <summary>
/// Hands failures to whoever listens, on a thread of its own: a listener may log into the same journal, wait, or throw,
/// and none of the journal's work may stand still for it.
/// </summary>
internal sealed class Notifier
{
    /// <summary>Failures that wait for a slow listener; later ones are counted and left out.</summary>
    private const int MostWaiting = 256;

    private readonly object _gate = new();
    private readonly bool _toStandardError;

    // Owned by _gate.
    private readonly Queue<JournalFailure> _waiting = [];
    private readonly List<Action<JournalFailure>> _listeners = [];
    private long _leftOut;
    private bool _started;
    private bool _printed;
    private bool _busy;

    public Notifier(bool toStandardError)
    {
        _toStandardError = toStandardError;
    }

    /// <summary>The newest failure's message.</summary>
    public string? LastError { get; private set; }

    public void AddListeners(IEnumerable<Action<JournalFailure>> listeners)
    {
        lock (_gate)
        {
            _listeners.AddRange(listeners.Where(listener => !_listeners.Contains(listener)));
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
            while (_waiting.Count > 0 || _busy)
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
            JournalFailure failure;
            Action<JournalFailure>[] listeners;
            lock (_gate)
            {
                _busy = false;
                Monitor.PulseAll(_gate);
                while (_waiting.Count == 0)
                {
                    if (!Monitor.Wait(_gate, TimeSpan.FromSeconds(30)) && _waiting.Count == 0)
                    {
                        // An idle journal needs no thread for this; the next failure starts one.
                        _started = false;
                        return;
                    }
                }

                failure = _waiting.Dequeue();
                if (_leftOut > 0 && _waiting.Count == 0)
                {
                    failure = failure with { Message = $"{failure.Message} ({_leftOut} more failures were left out: the listener was too slow.)" };
                    _leftOut = 0;
                }

                _busy = true;
                listeners = [.. _listeners];
            }

            if (listeners.Length == 0)
            {
                Print(failure);
            }

            foreach (Action<JournalFailure> listener in listeners)
            {
                Tell(listener, failure);
            }
        }
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
