using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.S3Journal.Payload;
using Serilog.Sinks.S3Journal.Routing;
using Sink.Core;

namespace Serilog.Sinks.S3Journal;

/// <summary>Returns after the event was synced to the disk, or throws: nothing is shortened, dropped or left for later.</summary>
internal sealed class S3JournalAuditSink : ILogEventSink, IDisposable, IAsyncDisposable
{
    private readonly IEventJournal _journal;
    private readonly EventEncoder _encoder;
    private readonly StreamRouter _router;
    private readonly TimeSpan _timeout;

    private S3JournalAuditSink(IEventJournal journal, EventEncoder encoder, StreamRouter router, TimeSpan timeout)
    {
        _journal = journal;
        _encoder = encoder;
        _router = router;
        _timeout = timeout;
    }

    /// <exception cref="JournalException">A setting is wrong, or the journal could not be opened.</exception>
    public static S3JournalAuditSink Start(Func<IEventJournal> open, EventEncoder encoder, StreamTemplate template, TimeSpan timeout, SinkSurroundings? surroundings = null)
    {
        // The events' own failures throw. The journal's later ones, such as a store that is away, go to the self-log.
        FailureReporter failures = new(surroundings?.ReportToStandardError ?? false);
        surroundings?.Subscribe?.Invoke(failures.Report);
        IEventJournal journal = open();
        try
        {
            return new S3JournalAuditSink(journal, encoder, new StreamRouter(journal, template, encoder.Encoding, failures.Report), timeout);
        }
        catch (ArgumentException e)
        {
            journal.Dispose();
            throw new JournalException(e.Message, e) { IsConfiguration = true };
        }
    }

    /// <exception cref="JournalException">The event was not stored, or it is not known whether it is durable.</exception>
    public void Emit(LogEvent logEvent)
    {
        Utf8Buffer buffer = Utf8Buffer.Rent();
        try
        {
            IEventStream stream = Encode(logEvent, buffer);
            stream.AppendDurable(logEvent.Timestamp, buffer.Written, _timeout);
        }
        finally
        {
            Utf8Buffer.Return(buffer);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _journal.Dispose();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    private IEventStream Encode(LogEvent logEvent, Utf8Buffer buffer)
    {
        try
        {
            EntryStream stream = _router.Route(logEvent);
            _encoder.For(stream.Encoding).Encode(logEvent, buffer);
            return stream.Stream;
        }
        catch (Exception e) when (e is not JournalException)
        {
            throw new JournalException("The event could not be written as an entry and is not stored.", e);
        }
    }
}
