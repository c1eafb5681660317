using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>
/// A front end's way to its journal. When the environment is at fault (directory not writable, disk full) the program starts all
/// the same: the journal is opened again by the next event after a growing wait, never by a timer.
/// </summary>
/// <typeparam name="TStreams">How the front end finds the stream of an event.</typeparam>
internal sealed class JournalConnection<TStreams> : IDisposable, IAsyncDisposable
    where TStreams : class
{
    internal static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly Func<IEventJournal> _open;
    private readonly Func<IEventJournal, TStreams> _route;
    private readonly TimeProvider _timeProvider;
    private readonly Action<JournalFailure> _report;
    private readonly Lock _gate = new();

    // Written under _gate, read by any logging thread.
    private volatile TStreams? _streams;
    private volatile Exception? _trouble;
    private volatile bool _closed;
    private long _triedAt;
    private long _waitTicks;

    // Owned by _gate.
    private IEventJournal? _journal;

    private JournalConnection(Func<IEventJournal> open, Func<IEventJournal, TStreams> route, TimeProvider timeProvider, Action<JournalFailure> report)
    {
        _open = open;
        _route = route;
        _timeProvider = timeProvider;
        _report = report;
    }

    /// <summary>Why there are no streams, for a message.</summary>
    public string Trouble => _closed ? "The journal is closed." : "The journal is not open.";

    /// <summary>What hindered the last open.</summary>
    public Exception? Cause => _trouble;

    /// <summary>Opens the journal, or leaves it to a later event.</summary>
    /// <exception cref="JournalException">A setting is wrong.</exception>
    public static JournalConnection<TStreams> Start(Func<IEventJournal> open, Func<IEventJournal, TStreams> route, TimeProvider timeProvider, Action<JournalFailure> report)
    {
        JournalConnection<TStreams> connection = new(open, route, timeProvider, report);
        lock (connection._gate)
        {
            connection.OpenNeedsLock();
        }

        if (connection._trouble is { } trouble && IsConfiguration(trouble))
        {
            throw trouble is JournalException ? trouble : new JournalException(trouble.Message, trouble) { IsConfiguration = true };
        }

        connection.ReportTrouble();
        return connection;
    }

    /// <summary>The way to the streams; null while the journal is not open. Never throws.</summary>
    public TStreams? Streams => _streams ?? OpenAgain();

    public void Dispose()
    {
        try
        {
            Close()?.Dispose();
        }
        catch (Exception e)
        {
            _report(new JournalFailure(JournalFailureKind.Final, "The journal could not be closed.", Exception: e));
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (Close() is { } journal)
            {
                await journal.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            _report(new JournalFailure(JournalFailureKind.Final, "The journal could not be closed.", Exception: e));
        }
    }

    private static bool IsConfiguration(Exception exception) => exception is JournalException { IsConfiguration: true } or ArgumentException;

    private TStreams? OpenAgain()
    {
        // One thread tries; the others do not wait for it, their events are refused. So are its own: what is asked for the opening may log.
        if (_closed || !IsTime() || _gate.IsHeldByCurrentThread || !_gate.TryEnter())
        {
            return null;
        }

        bool failed = false;
        try
        {
            if (_streams is null && !_closed && IsTime())
            {
                OpenNeedsLock();
                failed = _streams is null;
            }
        }
        finally
        {
            _gate.Exit();
        }

        // Outside the lock: a listener may log, and come back here.
        if (failed)
        {
            ReportTrouble();
        }

        return _streams;
    }

    private void OpenNeedsLock()
    {
        IEventJournal? journal = null;
        try
        {
            journal = _open();
            _streams = _route(journal);
            _journal = journal;
            _trouble = null;
        }
        catch (Exception e)
        {
            journal?.Dispose();
            _trouble = e;
            TimeSpan wait = new(2 * Volatile.Read(ref _waitTicks));
            wait = wait < FirstWait ? FirstWait : wait > LongestWait ? LongestWait : wait;
            Volatile.Write(ref _triedAt, _timeProvider.GetTimestamp());
            Volatile.Write(ref _waitTicks, wait.Ticks);
            if (e is ThreadInterruptedException)
            {
                // Meant for the program's own waits.
                Thread.CurrentThread.Interrupt();
            }
        }
    }

    private bool IsTime() => _timeProvider.GetElapsedTime(Volatile.Read(ref _triedAt)).Ticks >= Volatile.Read(ref _waitTicks);

    private void ReportTrouble()
    {
        if (_trouble is { } trouble)
        {
            double wait = new TimeSpan(Volatile.Read(ref _waitTicks)).TotalSeconds;
            _report(new JournalFailure(JournalFailureKind.Temporary, $"The journal could not be opened; events are not stored. It is tried again in {wait:0} s.", Exception: trouble));
        }
    }

    private IEventJournal? Close()
    {
        lock (_gate)
        {
            _closed = true;
            _streams = null;
            IEventJournal? journal = _journal;
            _journal = null;
            return journal;
        }
    }
}
