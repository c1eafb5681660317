using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.S3Journal;
using Microsoft.Extensions.Time.Testing;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.Support;

/// <summary>A logger over a journal in memory, and what came of it.</summary>
internal sealed class Logged
{
    private readonly EntryWriter _writer;

    /// <summary>A logger whose journal is opened by <paramref name="open"/>; null gives <see cref="Journal"/>.</summary>
    public Logged(Func<IEventJournal>? open = null, string category = "Shop.Orders", int maxEntryBytes = 1 << 20, EntryEncoding encoding = EntryEncoding.Json, params Action<JournalFailure>[] listeners)
    {
        Journal.MaxEntryBytes = maxEntryBytes;
        Journal.Decode = MessagePackText.Of;
        FrontEndFailures = new FrontEndFailures([.. listeners, Failures.Enqueue], toStandardError: false, Time);
        Connection = JournalConnection<EntryStream>.Start(open ?? (() => Journal), journal => new EntryStreams(journal, encoding, FrontEndFailures.Report).Open("test"), Time, FrontEndFailures.Report);
        _writer = new EntryWriter(Connection, FrontEndFailures, Time) { IncludesScopes = true, Scopes = new LoggerExternalScopeProvider() };
        Logger = new S3JournalLogger(category, _writer);
    }

    public FakeJournal Journal { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 10, 15, 0, TimeSpan.Zero));

    public ConcurrentQueue<JournalFailure> Failures { get; } = new();

    public FrontEndFailures FrontEndFailures { get; }

    public JournalConnection<EntryStream> Connection { get; }

    public S3JournalLogger Logger { get; }

    public bool IncludesMessage
    {
        set => _writer.IncludesMessage = value;
    }

    public bool IncludesScopes
    {
        set => _writer.IncludesScopes = value;
    }

    public IExternalScopeProvider? Scopes
    {
        set => _writer.Scopes = value;
    }

    /// <summary>The only entry as it stands; one of MessagePack as JSON has it.</summary>
    public string Text => Assert.Single(Journal.Entries).Payload;

    /// <summary>The only entry. Whoever asks has also proved that it is well-formed, with each name once.</summary>
    public JsonElement Entry => Parse(Text);

    public static JsonElement Parse(string payload)
    {
        using JsonDocument document = JsonDocument.Parse(payload, new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.DoesNotContain('\n', payload);
        return document.RootElement.Clone();
    }

    /// <summary>A log call with that state, whose message is "said".</summary>
    public void LogState<TState>(TState state) => Logger.Log(LogLevel.Information, default, state, null, static (_, _) => "said");

    /// <summary>What stands in an entry for a value of that name.</summary>
    public static JsonElement Value(object? value, EntryEncoding encoding = EntryEncoding.Json)
    {
        Logged logged = new(encoding: encoding);
        logged.LogState(new KeyValuePair<string, object?>[] { new("V", value) });
        Assert.Empty(logged.Failures);
        return logged.Entry.GetProperty("V");
    }
}
