using Microsoft.Extensions.Logging.S3Journal.Payload;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal;

/// <summary>What the loggers of a provider share: the way to the journal, scopes, and where failures go.</summary>
internal sealed class EntryWriter(JournalConnection<IEventStream> connection, ProviderFailures failures, TimeProvider time)
{
    private long _truncated;

    /// <summary>Set by the logger factory before the first log call; null when nobody has scopes.</summary>
    public IExternalScopeProvider? Scopes { get; set; }

    public bool IncludesScopes { get; set; }

    public bool IncludesMessage { get; set; }

    public DateTimeOffset Now => time.GetUtcNow();

    public void AddScopes(EntryValues values)
    {
        if (IncludesScopes)
        {
            Scopes?.ForEachScope(
                static (scope, values) =>
                {
                    try
                    {
                        values.AddScope(scope);
                    }
                    catch (Exception exception) when (exception is not ThreadInterruptedException)
                    {
                        values.AddText(ObjectText.Instead(scope!, exception));
                    }
                },
                values);
        }
    }

    /// <summary>Appends the entry, or tells why it is not stored; one that is too large is left to <see cref="AppendStandIn"/>.</summary>
    public AppendResult TryAppend(in EntryFacts facts, EntryValues values)
    {
        if (connection.Streams is not { } stream)
        {
            failures.Refuse($"{connection.Trouble} Entries are not stored.", connection.Cause);
            return AppendResult.Closed;
        }

        Utf8Buffer buffer = Utf8Buffer.Rent();
        try
        {
            EntryEncoder.Encode(facts, values, buffer);
            AppendResult result = stream.Append(facts.Timestamp, buffer.Written);
            Note(result);
            return result;
        }
        finally
        {
            Utf8Buffer.Return(buffer);
        }
    }

    public void AppendStandIn(in EntryFacts facts, EntryValues values, string message)
    {
        if (connection.Streams is not { } stream)
        {
            return;
        }

        Utf8Buffer buffer = Utf8Buffer.Rent();
        try
        {
            EntryEncoder.EncodeStandIn(facts, values, message, buffer);
            AppendResult result = stream.Append(facts.Timestamp, buffer.Written);
            if (result == AppendResult.TooLarge)
            {
                failures.Refuse("An entry is larger than MaxEntryBytes, even shortened, and is not stored.", null);
            }
            else
            {
                Note(result);
            }

            if (result == AppendResult.Stored && Interlocked.Increment(ref _truncated) == 1)
            {
                failures.Report(new JournalFailure(JournalFailureKind.Permanent, "An entry is larger than MaxEntryBytes; its small values and the first 8 KiB of its message and exception are stored, marked \"truncated\". Later ones are cut without a message.", 1));
            }
        }
        finally
        {
            Utf8Buffer.Return(buffer);
        }
    }

    public ProviderFailures Failures => failures;

    public void Refuse(string message, Exception? exception) => failures.Refuse(message, exception);

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
