using Microsoft.Extensions.Logging.S3Journal.Payload;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal;

/// <summary>What the loggers of a provider share: the way to the journal, scopes, and where failures go.</summary>
internal sealed class EntryWriter(JournalConnection<EntryStream> connection, FrontEndFailures failures, TimeProvider time)
{
    private long _truncated;

    /// <summary>Set by the logger factory before the first log call; null when nobody has scopes.</summary>
    public IExternalScopeProvider? Scopes { get; set; }

    public bool IncludesScopes { get; set; }

    public bool IncludesMessage { get; set; }

    public FrontEndFailures Failures => failures;

    public DateTimeOffset Now => time.GetUtcNow();

    public void AddScopes(EntryValues values)
    {
        if (!IncludesScopes || Scopes is not { } scopes)
        {
            return;
        }

        try
        {
            scopes.ForEachScope(static (scope, values) => values.AddScope(scope), values);
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
            values.AddText(ObjectText.Instead(scopes, exception));
        }
    }

    /// <summary>Appends the entry, or tells why it is not stored. False when it is too large, and <see cref="AppendStandIn"/> wanted.</summary>
    public bool TryAppend(in EntryFacts facts, EntryValues values)
    {
        if (OpenStream() is not { } stream)
        {
            return true;
        }

        Utf8Buffer buffer = Utf8Buffer.Rent();
        try
        {
            EntryEncoder.Of(stream.Encoding).Encode(facts, values, stream.Stream.MaxEntryBytes, buffer);
            AppendResult result = stream.Stream.Append(facts.Timestamp, buffer.Written);
            Note(result);
            return result != AppendResult.TooLarge;
        }
        finally
        {
            Utf8Buffer.Return(buffer);
        }
    }

    public void AppendStandIn(in EntryFacts facts, EntryValues values, string message)
    {
        if (OpenStream() is not { } stream)
        {
            return;
        }

        Utf8Buffer buffer = Utf8Buffer.Rent();
        try
        {
            EntryEncoder.Of(stream.Encoding).EncodeStandIn(facts, values, message, buffer);
            AppendResult result = stream.Stream.Append(facts.Timestamp, buffer.Written);
            Note(result);
            if (result == AppendResult.TooLarge)
            {
                failures.Refuse("An entry is larger than MaxEntryBytes, even shortened, and is not stored.", null);
            }
            else if (result == AppendResult.Stored && Interlocked.Increment(ref _truncated) == 1)
            {
                failures.Report(new JournalFailure(JournalFailureKind.Permanent, "An entry is larger than MaxEntryBytes; its small values and the first 8 KiB of its message and exception are stored, marked \"truncated\". Later ones are cut without a message.", 1));
            }
        }
        finally
        {
            Utf8Buffer.Return(buffer);
        }
    }

    /// <summary>Appends an event that names its own stream, or tells why it is not stored.</summary>
    public void Append(IStorableEvent storableEvent)
    {
        if (OpenStream() is not { } stream)
        {
            return;
        }

        AppendResult result;
        try
        {
            result = stream.Journal.Append(storableEvent);
        }
        catch (ArgumentException exception)
        {
            failures.Refuse($"An event of {storableEvent.GetType().Name} names no stream that can be, and is not stored.", exception);
            return;
        }

        Note(result);
        if (result == AppendResult.TooLarge)
        {
            // Its payload is its own: nobody here could shorten it.
            failures.Refuse($"An event of {storableEvent.GetType().Name} is larger than MaxEntryBytes, and is not stored.", null);
        }
    }

    /// <summary>For what a log call caught: none of it reaches the program, and an interrupt was meant for the program's own waits.</summary>
    public void Refuse(Exception exception)
    {
        if (exception is ThreadInterruptedException)
        {
            failures.Refuse("The thread was interrupted; the entry is not stored.", exception);
            Thread.CurrentThread.Interrupt();
        }
        else
        {
            failures.Refuse("The log call could not be written as an entry and is not stored.", exception);
        }
    }

    private EntryStream? OpenStream()
    {
        EntryStream? stream = connection.Streams;
        if (stream is null)
        {
            failures.Refuse($"{connection.Trouble} Entries are not stored.", connection.Cause);
        }

        return stream;
    }

    private void Note(AppendResult result)
    {
        switch (result)
        {
            case AppendResult.Stored:
                failures.Stored();
                break;
            case AppendResult.Closed:
                failures.Refuse("The journal is closed; entries are not stored.", null);
                break;
            case AppendResult.Dropped:
                // The journal counts and reports these itself.
                break;
        }
    }
}
