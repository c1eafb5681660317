using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.S3Journal.Payload;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal;

/// <summary>The logger of one category: encodes each entry on the caller's thread and appends it. Nothing is ever thrown.</summary>
internal sealed class S3JournalLogger(string category, EntryWriter writer) : ILogger, IBufferedLogger
{
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => writer.Scopes?.Push(state);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.None)
        {
            return;
        }

        if (state is IStorableEvent storableEvent)
        {
            Append(storableEvent);
            return;
        }

        EntryValues values = EntryValues.Rent();
        try
        {
            // A value whose text logs that value comes here again and again: it ends with an entry refused, not with the process.
            RuntimeHelpers.EnsureSufficientExecutionStack();
            writer.AddScopes(values);
            AddState(values, state);
            string? message = values.Template is null || writer.IncludesMessage ? ObjectText.Of(state, exception, formatter) : null;
            Activity? activity = Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current : null;
            EntryFacts facts = new()
            {
                Timestamp = writer.Now,
                Level = logLevel,
                Category = category,
                EventId = eventId,
                Message = message,
                Exception = exception is null ? null : ObjectText.Of(exception),
                TraceId = activity?.TraceId ?? default,
                SpanId = activity?.SpanId ?? default,
            };
            if (!writer.TryAppend(facts, values))
            {
                writer.AppendStandIn(facts, values, message ?? ObjectText.Of(state, exception, formatter));
            }
        }
        catch (Exception unexpected)
        {
            writer.Refuse(unexpected);
        }
        finally
        {
            EntryValues.Return(values);
        }
    }

    /// <summary>Entries that a buffer of the program held back: they keep the time at which they were logged.</summary>
    public void LogRecords(IEnumerable<BufferedLogRecord> records)
    {
        try
        {
            foreach (BufferedLogRecord record in records)
            {
                Log(record);
            }
        }
        catch (Exception unexpected)
        {
            writer.Refuse(unexpected);
        }
    }

    private void Log(BufferedLogRecord record)
    {
        EntryValues values = EntryValues.Rent();
        try
        {
            AddState(values, record.Attributes);
            values.AddTemplate(record.MessageTemplate);
            EntryFacts facts = new()
            {
                Timestamp = record.Timestamp,
                Level = record.LogLevel,
                Category = category,
                EventId = record.EventId,
                Message = values.Template is null || writer.IncludesMessage ? record.FormattedMessage ?? "" : null,
                Exception = record.Exception,
                TraceId = record.ActivityTraceId ?? default,
                SpanId = record.ActivitySpanId ?? default,
            };
            if (!writer.TryAppend(facts, values))
            {
                writer.AppendStandIn(facts, values, record.FormattedMessage ?? "");
            }
        }
        catch (Exception unexpected)
        {
            writer.Refuse(unexpected);
        }
        finally
        {
            EntryValues.Return(values);
        }
    }

    private void Append(IStorableEvent storableEvent)
    {
        try
        {
            writer.Append(storableEvent);
        }
        catch (Exception unexpected)
        {
            writer.Refuse(unexpected);
        }
    }

    private static void AddState<TState>(EntryValues values, TState state)
    {
        try
        {
            values.AddState(state);
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
            // What was read until then is kept.
            values.AddText(ObjectText.Instead(state, exception));
        }
    }
}
