using System.Diagnostics;
using System.Text.Json;
using Extensions.Logging.S3Journal.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Extensions.Logging.S3Journal.Tests.Payload;

public sealed class EntryPayload
{
    [Fact]
    public void AnEntryHasTimeLevelTemplateOriginAndValuesInThisOrder()
    {
        Logged logged = new();

        logged.Logger.LogError(new EventId(7, "Placed"), "Order {OrderId} of {Customer}", 42, "ada");

        Assert.Equal("""{"@t":"2026-11-22T10:15:00.0000000Z","@l":"Error","@mt":"Order {OrderId} of {Customer}","SourceContext":"Shop.Orders","EventId":{"Id":7,"Name":"Placed"},"OrderId":42,"Customer":"ada"}""", logged.Text);
        Assert.Equal(logged.Time.GetUtcNow(), Assert.Single(logged.Journal.Entries).Timestamp);
        Assert.Empty(logged.Failures);
    }

    [Theory]
    [InlineData(LogLevel.Trace, "Verbose")]
    [InlineData(LogLevel.Debug, "Debug")]
    [InlineData(LogLevel.Information, null)]
    [InlineData(LogLevel.Warning, "Warning")]
    [InlineData(LogLevel.Error, "Error")]
    [InlineData(LogLevel.Critical, "Fatal")]
    public void LevelsHaveTheNamesOfSerilog(LogLevel level, string? expected)
    {
        Logged logged = new();

        logged.Logger.Log(level, "x");

        Assert.Equal(expected, logged.Entry.TryGetProperty("@l", out JsonElement name) ? name.GetString() : null);
    }

    [Fact]
    public void TheLevelNoneIsNoEntry()
    {
        Logged logged = new();

        logged.Logger.Log(LogLevel.None, "x");

        Assert.False(logged.Logger.IsEnabled(LogLevel.None));
        Assert.Empty(logged.Journal.Entries);
    }

    [Fact]
    public void ARenderingIsStoredWhenAskedFor()
    {
        Logged logged = new() { IncludesMessage = true };

        logged.Logger.LogInformation("Order {OrderId:000}", 42);

        Assert.Equal("""{"@t":"2026-11-22T10:15:00.0000000Z","@mt":"Order {OrderId:000}","@m":"Order 042","SourceContext":"Shop.Orders","OrderId":42}""", logged.Text);
    }

    [Fact]
    public void AnEntryWithoutATemplateHasItsMessage()
    {
        Logged logged = new();

        logged.Logger.Log(LogLevel.Information, new EventId(3), 17, null, static (state, _) => $"state {state}");

        Assert.Equal("""{"@t":"2026-11-22T10:15:00.0000000Z","@m":"state 17","SourceContext":"Shop.Orders","EventId":{"Id":3}}""", logged.Text);
    }

    [Fact]
    public void ATemplateThatIsNoTextIsNone()
    {
        Logged logged = new();

        logged.LogState(new KeyValuePair<string, object?>[] { new("A", 1), new("{OriginalFormat}", 5) });

        Assert.False(logged.Entry.TryGetProperty("@mt", out _));
        Assert.Equal("said", logged.Entry.GetProperty("@m").GetString());
    }

    [Fact]
    public void AnExceptionIsStoredWithItsTrace()
    {
        Logged logged = new();
        InvalidOperationException exception = new("outer", new IOException("inner \"quoted\"\n"));

        logged.Logger.LogError(exception, "x");

        Assert.Equal(exception.ToString(), logged.Entry.GetProperty("@x").GetString());
    }

    [Fact]
    public void TraceAndSpanOfTheCurrentActivityAreStored()
    {
        Logged logged = new();
        using Activity activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        logged.Logger.LogInformation("x");

        Assert.Equal(activity.TraceId.ToHexString(), logged.Entry.GetProperty("@tr").GetString());
        Assert.Equal(activity.SpanId.ToHexString(), logged.Entry.GetProperty("@sp").GetString());
    }

    [Fact]
    public void AnActivityWithAnotherKindOfIdIsLeftOut()
    {
        Logged logged = new();
        using Activity activity = new Activity("request").SetIdFormat(ActivityIdFormat.Hierarchical).Start();

        logged.Logger.LogInformation("x");

        Assert.False(logged.Entry.TryGetProperty("@tr", out _));
    }

    [Fact]
    public void NamesThatBeginWithAnAtSignHaveItDoubled()
    {
        Logged logged = new();

        logged.LogState(new KeyValuePair<string, object?>[] { new("@t", 1), new("@@t", 2), new("a@", 3), new("@", 4), new("{OriginalFormat}", "x") });

        Assert.Equal("""{"@t":"2026-11-22T10:15:00.0000000Z","@mt":"x","SourceContext":"Shop.Orders","@@t":1,"@@@t":2,"a@":3,"@@":4}""", logged.Text);
    }

    [Fact]
    public void AValueOfTheStateStandsForWhatTheLoggerWouldSayUnderItsName()
    {
        Logged logged = new();
        using (logged.Logger.BeginScope("text"))
        {
            logged.Logger.LogInformation(new EventId(7), "{SourceContext} {EventId} {Scope}", "mine", "my id", "my scope");
        }

        Assert.Equal("""{"@t":"2026-11-22T10:15:00.0000000Z","@mt":"{SourceContext} {EventId} {Scope}","SourceContext":"mine","EventId":"my id","Scope":"my scope"}""", logged.Text);
    }

    [Fact]
    public void GeneratedLogCallsAreEntriesLikeOthers()
    {
        Logged logged = new();
        Action<ILogger, int, string, Exception?> placed = LoggerMessage.Define<int, string>(LogLevel.Warning, new EventId(8, "Placed"), "Order {OrderId} of {Customer}");

        placed(logged.Logger, 42, "ada", null);

        Assert.EndsWith(""","@mt":"Order {OrderId} of {Customer}","SourceContext":"Shop.Orders","EventId":{"Id":8,"Name":"Placed"},"OrderId":42,"Customer":"ada"}""", logged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ABufferedRecordKeepsItsTimeAndWhatItSays()
    {
        Logged logged = new();
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        ActivitySpanId span = ActivitySpanId.CreateRandom();

        logged.Logger.LogRecords([new Buffered(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), trace, span)]);

        Assert.Equal($$"""{"@t":"2026-01-02T02:04:05.0000000Z","@l":"Fatal","@tr":"{{trace}}","@sp":"{{span}}","@mt":"Order {OrderId}","@x":"gone","SourceContext":"Shop.Orders","EventId":{"Id":9},"OrderId":42}""", logged.Text);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 2, 4, 5, TimeSpan.Zero), Assert.Single(logged.Journal.Entries).Timestamp);
    }

    private sealed class Buffered(DateTimeOffset time, ActivityTraceId trace, ActivitySpanId span) : BufferedLogRecord
    {
        public override DateTimeOffset Timestamp => time;

        public override LogLevel LogLevel => LogLevel.Critical;

        public override EventId EventId => new(9);

        public override string? Exception => "gone";

        public override ActivityTraceId? ActivityTraceId => trace;

        public override ActivitySpanId? ActivitySpanId => span;

        public override string? FormattedMessage => "Order 42";

        public override string? MessageTemplate => "Order {OrderId}";

        public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("OrderId", 42)];
    }
}
