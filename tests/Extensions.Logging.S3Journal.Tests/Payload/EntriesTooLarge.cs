using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Extensions.Logging.S3Journal.Tests.Support;
using Microsoft.Extensions.Logging;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.Payload;

public sealed class EntriesTooLargeAsJson() : EntriesTooLarge(EntryEncoding.Json);

public sealed class EntriesTooLargeAsMessagePack() : EntriesTooLarge(EntryEncoding.MessagePack);

public abstract class EntriesTooLarge
{
    private static readonly string _big = string.Concat(Enumerable.Repeat("größe😀", 20_000));

    private readonly EntryEncoding _encoding;
    private readonly Logged _logged;

    protected EntriesTooLarge(EntryEncoding encoding)
    {
        _encoding = encoding;
        _logged = new Logged(maxEntryBytes: 64 * 1024, encoding: encoding);
    }

    [Fact]
    public void AnEntryTooLargeIsStoredShortened()
    {
        using (_logged.Logger.BeginScope("{Request} {Copy}", "r1", _big))
        {
            _logged.Logger.LogError(new EventId(7, "Placed"), new InvalidOperationException(_big), "Got {Big} of {User} {Id} {Day} {List}", _big, "zoe", 42, DayOfWeek.Monday, new[] { 1 });
        }

        JsonElement entry = _logged.Entry;
        Assert.Equal(["@t", "@l", "@mt", "text", "SourceContext", "EventId", "Request", "User", "Id", "Day", "exception", "truncated"], entry.EnumerateObject().Select(static p => p.Name));
        Assert.True(entry.GetProperty("truncated").GetBoolean());
        Assert.Equal("Got {Big} of {User} {Id} {Day} {List}", entry.GetProperty("@mt").GetString());
        Assert.Equal("Monday", entry.GetProperty("Day").GetString());
        string text = entry.GetProperty("text").GetString()!;
        Assert.StartsWith("Got größe😀größe", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\ufffd', text);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 8 * 1024 - 3, 8 * 1024);
        Assert.StartsWith("System.InvalidOperationException: größe", entry.GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.Contains("truncated", Assert.Single(_logged.Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThatIsReportedOnce()
    {
        _logged.Logger.LogError("{Big}", _big);
        _logged.Logger.LogError("{Big}", _big);

        Assert.Equal(2, _logged.Journal.Entries.Count);
        Assert.Single(_logged.Failures);
        Assert.Equal(0, _logged.FrontEndFailures.Refused);
    }

    [Fact]
    public void WithoutATemplateItHasTheBeginningOfItsMessage()
    {
        _logged.Logger.Log(LogLevel.Information, default, 1, null, static (_, _) => _big);

        JsonElement entry = _logged.Entry;
        Assert.Equal(["@t", "@m", "SourceContext", "truncated"], entry.EnumerateObject().Select(static p => p.Name));
        Assert.InRange(Encoding.UTF8.GetByteCount(entry.GetProperty("@m").GetString()!), 8 * 1024 - 3, 8 * 1024);
    }

    [Fact]
    public void ValuesWithTheNamesOfTheShortenedEntryDoNotMakeThemTwice()
    {
        _logged.LogState(new KeyValuePair<string, object?>[] { new("text", 1), new("exception", 2), new("truncated", 3), new("Big", _big), new("SourceContext", _big), new("Twice", 1), new("Twice", 2), new("{OriginalFormat}", _big) });

        JsonElement entry = _logged.Entry;
        Assert.Equal(["@t", "@mt", "text", "Twice", "truncated"], entry.EnumerateObject().Select(static p => p.Name));
        Assert.Equal(2, entry.GetProperty("Twice").GetInt32());
    }

    [Fact]
    public void OfItsValuesOnlySmallOnesAreKeptAndNotMoreThanThereIsRoomFor()
    {
        KeyValuePair<string, object?>[] state =
        [
            new("Struct", default(Hostile.LongStruct)),
            new("Array", ImmutableArray.Create(1, 2)),
            new(new string('n', 300), 1),
            new("Big", _big),
            .. Enumerable.Range(0, 1_000).Select(static i => new KeyValuePair<string, object?>($"N{i}", "\0\0\0\0\0\0\0\0")),
        ];

        _logged.LogState(state);

        JsonElement entry = _logged.Entry;
        Assert.DoesNotContain(entry.EnumerateObject(), static p => p.Name is "Struct" or "Array" or "Big" || p.Name.StartsWith('n'));

        // As JSON each takes 6 bytes a character.
        int count = entry.EnumerateObject().Count(static p => p.Name.StartsWith('N'));
        Assert.InRange(count, _encoding == EntryEncoding.Json ? 100 : 500, _encoding == EntryEncoding.Json ? 200 : 700);
    }

    [Fact]
    public void ALongOriginIsCutToo()
    {
        Logged logged = new(category: _big, maxEntryBytes: 64 * 1024, encoding: _encoding);

        logged.Logger.LogInformation(new EventId(1, _big), "x");

        Assert.Equal(256, logged.Entry.GetProperty("SourceContext").GetString()!.Length);
        Assert.Equal(256, logged.Entry.GetProperty("EventId").GetProperty("Name").GetString()!.Length);
    }

    [Fact]
    public void OneTooLargeEvenShortenedIsRefusedAndReported()
    {
        Logged logged = new(maxEntryBytes: 20, encoding: _encoding);

        logged.Logger.LogInformation("x");

        Assert.Empty(logged.Journal.Entries);
        Assert.Equal(1, logged.FrontEndFailures.Refused);
        Assert.Equal(JournalFailureKind.Permanent, Assert.Single(logged.Failures).Kind);
    }

    [Fact]
    public void ALoggerThatIsClosedMeanwhileCountsTheEntry()
    {
        bool isFirst = true;
        _logged.LogState(new KeyValuePair<string, object?>[] { new("Big", _big) });
        _logged.Logger.Log(LogLevel.Information, default, new KeyValuePair<string, object?>[] { new("Big", _big), new("{OriginalFormat}", "x") }, null, (_, _) =>
        {
            // Rendered only when the entry was found to be too large.
            Assert.True(isFirst);
            isFirst = false;
            _logged.Connection.Dispose();
            return "said";
        });

        Assert.Single(_logged.Journal.Entries);
        Assert.Equal(1, _logged.FrontEndFailures.Refused);
    }

    [Fact]
    public void ABufferedRecordTooLargeIsShortenedToo()
    {
        _logged.Logger.LogRecords([new Record()]);

        Assert.Equal("from the buffer", _logged.Entry.GetProperty("text").GetString());
        Assert.True(_logged.Entry.GetProperty("truncated").GetBoolean());
    }

    private sealed class Record : Microsoft.Extensions.Logging.Abstractions.BufferedLogRecord
    {
        public override DateTimeOffset Timestamp => DateTimeOffset.UnixEpoch;

        public override LogLevel LogLevel => LogLevel.Information;

        public override EventId EventId => default;

        public override string? MessageTemplate => "{Big}";

        public override string? FormattedMessage => "from the buffer";

        public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("Big", _big)];
    }
}
