using System.Globalization;
using System.Text.Json;
using Extensions.Logging.S3Journal.Tests.Support;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace Extensions.Logging.S3Journal.Tests.Payload;

/// <summary>What a program's entries say does not depend on whether Serilog writes them. Order, the text of arrays' bytes and of named scopes are each's own.</summary>
public sealed class EntriesMatchSerilogs
{
    public static TheoryData<string, Action<ILogger>> Calls { get; } = new()
    {
        { "values", static logger => logger.LogInformation("{Text} {Int} {Long} {Double} {Decimal} {Flag} {Null}", "a\"b", 1, 2L, 1.5, 2.50m, true, null) },
        { "times", static logger => logger.LogInformation("{Date} {Time} {Span} {At} {Offset}", new DateOnly(2026, 1, 2), new TimeOnly(3, 4), TimeSpan.FromSeconds(1.5), DateTime.UnixEpoch, DateTimeOffset.UnixEpoch) },
        { "ids and enumerations", static logger => logger.LogInformation("{Id} {Day} {Uri}", Guid.Empty, DayOfWeek.Friday, new Uri("http://a/b")) },
        { "no numbers", static logger => logger.LogInformation("{A} {B} {C}", double.NaN, double.PositiveInfinity, float.NegativeInfinity) },
        { "collections", static logger => logger.LogInformation("{List} {Nested} {Map}", new[] { 1, 2 }, new[] { new[] { "a" }, [] }, new Dictionary<string, int> { ["k"] = 1 }) },
        { "an object", static logger => logger.LogInformation("{Version}", new Version(1, 2)) },
        { "levels", static logger => logger.LogCritical("x") },
        { "the lowest level", static logger => logger.LogTrace("x") },
        { "an event id", static logger => logger.LogWarning(new EventId(7, "Placed"), "x") },
        { "an event id without a name", static logger => logger.LogWarning(new EventId(7), "x") },
        { "an exception", static logger => logger.LogError(new InvalidOperationException("gone"), "x") },
        { "a name of Serilog's own", static logger => logger.Log(LogLevel.Information, default, new KeyValuePair<string, object?>[] { new("a", 1), new("{OriginalFormat}", "x") }, null, static (_, _) => "x") },
        {
            "scopes", static logger =>
            {
                using (logger.BeginScope(new Dictionary<string, object?> { ["A"] = "outer", ["B"] = 1 }))
                using (logger.BeginScope(new Dictionary<string, object?> { ["A"] = "inner" }))
                using (logger.BeginScope("plain"))
                using (logger.BeginScope(17))
                {
                    logger.LogInformation("{C}", 3);
                }
            }
        },
        {
            "a state over a scope", static logger =>
            {
                using (logger.BeginScope(new Dictionary<string, object?> { ["A"] = "scope" }))
                {
                    logger.LogInformation("{A}", "state");
                }
            }
        },
    };

    [Theory]
    [MemberData(nameof(Calls), DisableDiscoveryEnumeration = true)]
    public void ForTheSameCall(string which, Action<ILogger> call)
    {
        Logged logged = new();
        call(logged.Logger);

        (string Name, string Value)[] expected = Members(BySerilog(call));
        (string Name, string Value)[] actual = Members(logged.Entry);
        Assert.True(expected.SequenceEqual(actual), $"{which}:\n{string.Join(", ", expected)}\n{string.Join(", ", actual)}");
    }

    private static JsonElement BySerilog(Action<ILogger> call)
    {
        Lines lines = new();
        using (Logger serilog = new LoggerConfiguration().MinimumLevel.Verbose().Enrich.FromLogContext().WriteTo.Sink(lines).CreateLogger())
        using (SerilogLoggerFactory factory = new(serilog))
        {
            call(factory.CreateLogger("Shop.Orders"));
        }

        return Logged.Parse(Assert.Single(lines.Written));
    }

    private static (string Name, string Value)[] Members(JsonElement entry)
        => [.. entry.EnumerateObject().Where(static p => p.Name != "@t").Select(static p => (p.Name, JsonSerializer.Serialize(p.Value))).Order()];

    private sealed class Lines : ILogEventSink
    {
        public List<string> Written { get; } = [];

        public void Emit(LogEvent logEvent)
        {
            using StringWriter writer = new(CultureInfo.InvariantCulture);
            new CompactJsonFormatter().Format(logEvent, writer);
            Written.Add(writer.ToString().TrimEnd());
        }
    }
}
