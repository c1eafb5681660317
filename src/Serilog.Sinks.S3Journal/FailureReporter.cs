using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Sink.Core;

namespace Serilog.Sinks.S3Journal;

/// <summary>
/// Hands failures to the listener that Serilog set, and to the self-log. A listener takes each event that was not stored (a
/// fallback chain stores it elsewhere); the self-log gets one line when refusals begin and one when they end. Never throws.
/// </summary>
internal sealed class FailureReporter
{
    private readonly bool _toStandardError;
    private object? _sender;
    private volatile ILoggingFailureListener _listener = SelfLog.FailureListener;
    private long _refused;
    private long _refusedBefore;
    private int _printed;
    private volatile bool _refusing;

    /// <param name="toStandardError">Whether the first failure that nobody listens for is printed to standard error.</param>
    public FailureReporter(bool toStandardError) => _toStandardError = toStandardError;

    /// <summary>Events not stored since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Called before logging starts.</summary>
    public void SetListener(object sender, ILoggingFailureListener listener)
    {
        _sender = sender;
        _listener = listener;
    }

    /// <summary>The event was not stored.</summary>
    public void Refuse(LogEvent logEvent, string message, Exception? exception)
    {
        long before = Interlocked.Increment(ref _refused) - 1;
        if (!_refusing)
        {
            _refusing = true;
            Interlocked.Exchange(ref _refusedBefore, before);
            WriteToSelfLog(message, exception);
        }

        ILoggingFailureListener listener = _listener;
        if (!ReferenceEquals(listener, SelfLog.FailureListener))
        {
            Notify(listener, LoggingFailureKind.Permanent, message, [logEvent], exception);
        }
    }

    /// <summary>An event was stored: called for each, so it does nothing but after refusals.</summary>
    public void Stored()
    {
        if (_refusing)
        {
            _refusing = false;
            WriteToSelfLog($"Events are stored again; {Refused - Interlocked.Read(ref _refusedBefore)} were not.", null);
        }
    }

    /// <summary>
    /// A failure that no event in hand belongs to. Always to the self-log: what a fallback chain's listener is told without
    /// events is shown nowhere.
    /// </summary>
    public void Report(LoggingFailureKind kind, string message, Exception? exception, bool mayBePrinted = true)
    {
        WriteToSelfLog(message, exception, mayBePrinted);
        ILoggingFailureListener listener = _listener;
        if (!ReferenceEquals(listener, SelfLog.FailureListener))
        {
            Notify(listener, kind, message, null, exception);
        }
    }

    public void Report(JournalFailure failure) => Report(
        failure.Kind switch
        {
            JournalFailureKind.Temporary or JournalFailureKind.Advice => LoggingFailureKind.Temporary,
            JournalFailureKind.Permanent => LoggingFailureKind.Permanent,
            _ => LoggingFailureKind.Final,
        },
        failure.Message,
        failure.Exception,
        mayBePrinted: failure.Kind != JournalFailureKind.Advice);

    private void Notify(ILoggingFailureListener listener, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
    {
        try
        {
            listener.OnLoggingFailed(_sender!, kind, message, events, exception);
        }
        catch (Exception inListener)
        {
            WriteToSelfLog("The failure listener threw", inListener);
        }
    }

    private void WriteToSelfLog(string message, Exception? exception, bool mayBePrinted = true)
    {
        try
        {
            SelfLogLine line = new(exception is null ? message : $"{message} {exception}");
            SelfLog.WriteLine("S3Journal: {0}", line);
            if (mayBePrinted && _toStandardError && !line.WasRead && ReferenceEquals(_listener, SelfLog.FailureListener) && Interlocked.Exchange(ref _printed, 1) == 0)
            {
                Console.Error.WriteLine($"S3Journal: {message} {exception?.Message} (Said once; SelfLog.Enable(Console.Error) shows what follows, reportToStandardError: false ends this.)");
            }
        }
        catch (Exception)
        {
            // Nobody is left to tell: the self-log's own output, or standard error, is broken.
        }
    }

    /// <summary>The self-log does not say whether it is on; it makes text of its arguments only when it is.</summary>
    private sealed class SelfLogLine
    {
        private readonly string _text;

        public SelfLogLine(string text) => _text = text;

        public bool WasRead { get; private set; }

        public override string ToString()
        {
            WasRead = true;
            return _text;
        }
    }
}
