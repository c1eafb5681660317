using System.Runtime.CompilerServices;
using OpenTelemetry.Exporter.S3Journal.Diagnostics;
using OpenTelemetry.Exporter.S3Journal.Options;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Routing;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Signals;

/// <summary>
/// Encodes records of one signal on the caller's thread and appends them, without a lock: threads meet only in the journal, for a copy of memory. Nothing is ever thrown.
/// </summary>
internal sealed class SignalWriter<T> : IDisposable
    where T : class
{
    private readonly Signal<T> _signal;
    private readonly ExporterSettings _settings;
    private readonly SignalFailures _failures;
    private readonly JournalConnection<SignalStream> _connection;
    private int _ended;

    private SignalWriter(Signal<T> signal, ExporterSettings settings, SignalFailures failures, JournalConnection<SignalStream> connection)
    {
        _signal = signal;
        _settings = settings;
        _failures = failures;
        _connection = connection;
    }

    public required TimedFlush Flushes { get; init; }

    public SignalFailures Failures => _failures;

    /// <summary>Opens the journal; when the environment hinders that it is reported, and left to a later record.</summary>
    /// <exception cref="JournalException">A setting is wrong.</exception>
    public static SignalWriter<T> Start(Signal<T> signal, S3JournalExporterOptions options, OtlpLimits limits)
    {
        ExporterSettings settings = ExporterSettings.From(options);
        TimeProvider time = options.GetTimeProvider();
        SignalFailures failures = new(signal.Name, new FrontEndFailures(options.GetListeners(), options.ReportToStandardError, time));
        JournalSource source = options.GetSource();
        JournalConnection<SignalStream> connection = JournalConnection<SignalStream>.Start(source.Open, Route, time, failures.NoConnection);
        return new SignalWriter<T>(signal, settings, failures, connection) { Flushes = new TimedFlush(source, settings, failures) };

        SignalStream Route(IEventJournal journal)
        {
            // Its name and header come with the first record: what can be wrong with the rest must show itself at start.
            journal.CheckStream(settings.StreamOptionsOf(signal.Encoding, header: default));
            return new SignalStream(journal, signal, settings, limits, time);
        }
    }

    /// <summary>Whether the record is in the journal.</summary>
    /// <param name="record">Not kept.</param>
    /// <param name="provider">Whose resource is the stream's; asked at the first record.</param>
    public bool Append(T record, BaseProvider? provider)
    {
        try
        {
            // A value whose text logs that value comes here again and again: it ends with a record refused, not with the process.
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return StreamFor(provider) is { } opened && Append(record, opened);
        }
        catch (ThreadInterruptedException interrupt)
        {
            // Meant for the program's own waits.
            _failures.Refuse("The thread was interrupted; the record is not stored.", interrupt);
            Thread.CurrentThread.Interrupt();
        }
        catch (Exception unexpected)
        {
            _failures.Refuse("The record could not be written as an entry and is not stored.", unexpected);
        }

        return false;
    }

    /// <inheritdoc cref="TimedFlush.Flush" />
    public bool ForceFlush(int timeoutMilliseconds) => _connection.Streams is not null && Flushes.Flush(timeoutMilliseconds);

    /// <summary>Ends intake and closes the journal, unless others have it open. What is not delivered in time stays on disk.</summary>
    public bool Shutdown(int timeoutMilliseconds)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return true;
        }

        bool isClosed = Flushes.Close(_connection.Dispose, timeoutMilliseconds);
        _failures.Ended();
        return isClosed;
    }

    /// <summary>As a shutdown that has the journal's own time-out; nothing after one.</summary>
    public void Dispose() => Shutdown(Timeout.Infinite);

    private OpenedStream? StreamFor(BaseProvider? provider)
    {
        if (_connection.Streams is not { } signalStream)
        {
            _failures.Refuse($"{_connection.Trouble} Records are not stored.", _connection.Cause);
            return null;
        }

        if ((signalStream.Opened ?? signalStream.TryOpen(provider)) is { } opened)
        {
            return opened;
        }

        _failures.Refuse($"The stream could not be opened; records are not stored. {signalStream.Trouble?.Message}", signalStream.Trouble);
        return null;
    }

    private bool Append(T record, OpenedStream opened)
    {
        Utf8Buffer buffer = Utf8Buffer.Rent();
        try
        {
            DateTimeOffset time = _signal.TimeOf(record);
            _signal.Write(_settings.Encoder, record, opened.Limits, buffer);
            AppendResult result = opened.Stream.Append(time, buffer.Written);
            if (result == AppendResult.TooLarge)
            {
                buffer.Clear();
                _signal.WriteStandIn(_settings.Encoder, record, opened.Limits, buffer);
                result = opened.Stream.Append(time, buffer.Written);
                if (result == AppendResult.Stored)
                {
                    _failures.Shortened();
                }
            }

            Note(result);
            return result == AppendResult.Stored;
        }
        finally
        {
            Utf8Buffer.Return(buffer);
        }
    }

    private void Note(AppendResult result)
    {
        switch (result)
        {
            case AppendResult.Stored:
                _failures.Stored();
                break;
            case AppendResult.Dropped:
                _failures.Dropped();
                break;
            case AppendResult.TooLarge:
                _failures.Refuse("A record is larger than MaxEntryBytes, even shortened, and is not stored.", null);
                break;
            default:
                _failures.Refuse("The journal is closed; records are not stored.", null);
                break;
        }
    }
}
