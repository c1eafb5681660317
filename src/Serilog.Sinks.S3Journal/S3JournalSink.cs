using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.S3Journal.Payload;
using Serilog.Sinks.S3Journal.Routing;
using Sink.Core;

namespace Serilog.Sinks.S3Journal;

/// <summary>
/// Encodes each event on the caller's thread and appends it to its stream: when <see cref="Emit"/> returns, the event survives
/// the process, or the failure listener was told that it is not stored. Nothing is ever thrown.
/// </summary>
internal sealed class S3JournalSink : ILogEventSink, ISetLoggingFailureListener, IDisposable, IAsyncDisposable
{
    private readonly EventEncoder _encoder;
    private readonly FailureReporter _failures;
    private readonly JournalConnection<StreamRouter> _connection;
    private long _truncated;

    private S3JournalSink(EventEncoder encoder, JournalConnection<StreamRouter> connection, FailureReporter failures)
    {
        _encoder = encoder;
        _connection = connection;
        _failures = failures;
    }

    /// <summary>Events stored as a shortened stand-in.</summary>
    internal long Truncated => Interlocked.Read(ref _truncated);

    /// <summary>Events not stored.</summary>
    internal long Refused => _failures.Refused;

    /// <exception cref="JournalException">A setting is wrong.</exception>
    public static S3JournalSink Start(Func<IEventJournal> open, EventEncoder encoder, StreamTemplate template, SinkSurroundings surroundings)
    {
        FailureReporter failures = new(surroundings.ReportToStandardError);
        surroundings.Subscribe?.Invoke(failures.Report);
        JournalConnection<StreamRouter> connection = JournalConnection<StreamRouter>.Start(
            open, journal => new StreamRouter(journal, template, encoder.Encoding, failures.Report), surroundings.TimeProvider, failures.Report);
        return new S3JournalSink(encoder, connection, failures);
    }

    /// <inheritdoc />
    public void SetFailureListener(ILoggingFailureListener failureListener) => _failures.SetListener(this, failureListener);

    /// <inheritdoc />
    public void Emit(LogEvent logEvent)
    {
        try
        {
            if (_connection.Streams is not { } router)
            {
                _failures.Refuse(logEvent, $"{_connection.Trouble} The event is not stored.", _connection.Cause);
                return;
            }

            AppendResult result = Append(router.Route(logEvent), logEvent);
            if (result == AppendResult.Stored)
            {
                _failures.Stored();
            }
            else
            {
                _failures.Refuse(logEvent, Explain(result), null);
            }
        }
        catch (ThreadInterruptedException e)
        {
            // Whoever interrupted meant the application's own wait.
            _failures.Refuse(logEvent, "The thread was interrupted; the event is not stored.", e);
            Thread.CurrentThread.Interrupt();
        }
        catch (Exception e)
        {
            _failures.Refuse(logEvent, "The event could not be written as an entry and is not stored.", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _connection.Dispose();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private AppendResult Append(EntryStream stream, LogEvent logEvent)
    {
        Utf8Buffer buffer = Utf8Buffer.Rent();
        try
        {
            _encoder.For(stream.Encoding).Encode(logEvent, buffer);
            AppendResult result = stream.Stream.Append(logEvent.Timestamp, buffer.Written);
            return result == AppendResult.TooLarge ? AppendStandIn(stream, logEvent, buffer) : result;
        }
        finally
        {
            Utf8Buffer.Return(buffer);
        }
    }

    private AppendResult AppendStandIn(EntryStream stream, LogEvent logEvent, Utf8Buffer buffer)
    {
        int length = buffer.Length;
        buffer.Clear();
        _encoder.For(stream.Encoding).Encode(StandIn.Of(logEvent), buffer);
        AppendResult result = stream.Stream.Append(logEvent.Timestamp, buffer.Written);
        if (result == AppendResult.Stored && Interlocked.Increment(ref _truncated) == 1)
        {
            _failures.Report(
                LoggingFailureKind.Permanent,
                $"An event of {length} bytes is larger than MaxEntryBytes; its small properties and the first 8 KiB of its message and exception are stored, marked \"truncated\". Later ones are cut without a message.",
                null);
        }

        return result;
    }

    private static string Explain(AppendResult result) => result switch
    {
        AppendResult.TooLarge => "The event is larger than MaxEntryBytes, even shortened, and is not stored.",
        AppendResult.Closed => "The journal is closed; the event is not stored.",
        _ => "The journal took no more: its disk space is used up, the disk hangs, or the event came from its own delivery. The event is not stored.",
    };
}
