using Serilog.Core;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Routing;

/// <summary>
/// The sink's way to its journal. When the environment is at fault (directory not writable, disk full) the program starts all
/// the same: the journal is opened again by the next event after a growing wait, never by a timer.
/// </summary>
internal sealed class JournalConnection : IDisposable, IAsyncDisposable
{
    internal static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly Func<IEventJournal> _open;
    private readonly StreamTemplate _template;
    private readonly TimeProvider _timeProvider;
    private readonly FailureReporter _failures;
    private readonly Lock _gate = new();

    // Written under _gate, read by any logging thread.
    private volatile StreamRouter? _router;
    private volatile Exception? _trouble;
    private volatile bool _closed;
    private long _triedAt;
    private long _waitTicks;

    // Owned by _gate.
    private IEventJournal? _journal;

    private JournalConnection(Func<IEventJournal> open, StreamTemplate template, TimeProvider timeProvider, FailureReporter failures)
    {
        _open = open;
        _template = template;
        _timeProvider = timeProvider;
        _failures = failures;
    }

    /// <summary>Why there is no router, for a message.</summary>
    public string Trouble => _closed ? "The sink is closed." : "The journal is not open.";

    /// <summary>What hindered the last open.</summary>
    public Exception? Cause => _trouble;

    /// <summary>Opens the journal, or leaves it to a later event.</summary>
    /// <exception cref="JournalException">A setting is wrong.</exception>
    public static JournalConnection Start(Func<IEventJournal> open, StreamTemplate template, TimeProvider timeProvider, FailureReporter failures)
    {
        JournalConnection connection = new(open, template, timeProvider, failures);
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
    public StreamRouter? Router => _router ?? OpenAgain();

    public void Dispose()
    {
        try
        {
            Close()?.Dispose();
        }
        catch (Exception e)
        {
            _failures.Report(LoggingFailureKind.Final, "The journal could not be closed.", e);
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
            _failures.Report(LoggingFailureKind.Final, "The journal could not be closed.", e);
        }
    }

    private static bool IsConfiguration(Exception exception) => exception is JournalException { IsConfiguration: true } or ArgumentException;

    private StreamRouter? OpenAgain()
    {
        // One thread tries; the others do not wait for it, their events are refused.
        if (_closed || !IsTime() || !_gate.TryEnter())
        {
            return null;
        }

        bool failed = false;
        try
        {
            if (_router is null && !_closed && IsTime())
            {
                OpenNeedsLock();
                failed = _router is null;
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

        return _router;
    }

    private void OpenNeedsLock()
    {
        IEventJournal? journal = null;
        try
        {
            journal = _open();
            _router = new StreamRouter(journal, _template);
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
        }
    }

    private bool IsTime() => _timeProvider.GetElapsedTime(Volatile.Read(ref _triedAt)).Ticks >= Volatile.Read(ref _waitTicks);

    private void ReportTrouble()
    {
        if (_trouble is { } trouble)
        {
            double wait = new TimeSpan(Volatile.Read(ref _waitTicks)).TotalSeconds;
            _failures.Report(LoggingFailureKind.Temporary, $"The journal could not be opened; events are not stored. It is tried again in {wait:0} s.", trouble);
        }
    }

    private IEventJournal? Close()
    {
        lock (_gate)
        {
            _closed = true;
            _router = null;
            IEventJournal? journal = _journal;
            _journal = null;
            return journal;
        }
    }
}
