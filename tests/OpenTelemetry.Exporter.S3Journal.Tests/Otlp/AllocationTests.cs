using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using OpenTelemetry.Logs;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Otlp;

/// <summary>
/// Encoding allocates nothing beyond what a processor allocates that reads everything and drops it. The project compiles everything at once (TieredCompilation off), so that the
/// counts are those of optimized code from the first call on.
/// </summary>
public sealed partial class AllocationTests
{
    private const int Calls = 2_000;

    private static readonly Dictionary<string, object?> _dictionary = new() { ["RequestId"] = "r1", ["Attempt"] = 3 };
    private static readonly KeyValuePair<string, object?>[] _pairs = [new("Tenant", "acme"), new("Region", "eu")];
    private static readonly DateTime _time = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);
    private static readonly Guid _id = Guid.NewGuid();

    /// <summary>Every kind that needs no string, boxed beforehand.</summary>
    private static readonly KeyValuePair<string, object?>[] _kinds =
    [
        new("null", null), new("text", "ü \"quoted\" 😀"), new("long", new string('x', 5_000)), new("bool", true), new("int", 42), new("ulong", ulong.MaxValue), new("double", 0.125), new("float", 0.5f),
        new("decimal", 12.50m), new("Guid", _id), new("time", _time), new("offset", new DateTimeOffset(_time)), new("span", TimeSpan.FromSeconds(1)), new("day", DayOfWeek.Friday),
        new("letter", 'x'), new("bytes", new byte[200]), new("ints", new[] { 1, 2, 3 }), new("texts", new[] { "a", null }), new("doubles", new[] { 0.5 }), new("ulongs", new[] { 1ul }),
        new("ids", new[] { _id }), new("objects", new object?[] { 1, "two", null, 3.5, DayOfWeek.Friday }), new("map", _dictionary), new("pairs", _pairs), new("date", new DateOnly(2026, 3, 4)),
    ];

    private static readonly Dictionary<string, Action<ILogger>> _logs = new()
    {
        ["a template without values"] = static logger => logger.LogInformation("started"),
        ["a template of texts"] = static logger => logger.LogInformation("Order {OrderId} of {Customer}", "4711", "ada"),
        ["a template of mixed values"] = static logger => logger.LogInformation("{Number} {Text} {Amount} {Id} {Flag} {Time}", 1, "two", 3.5, _id, true, _time),
        ["source-generated"] = static logger => GeneratedMixed(logger, 1, "two", 3.5, _id, true, _time),
        ["with an event"] = static logger => logger.LogWarning(new EventId(7, "Placed"), "Order {OrderId}", "4711"),
        ["every kind"] = static logger => logger.Log(LogLevel.Information, default, _kinds, null, static (_, _) => "text"),
    };

    public AllocationTests()
    {
        if (typeof(OtlpEncoder).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true)
        {
            Assert.Skip("A Debug build makes boxes that an optimized one leaves out.");
        }
    }

    public static MatrixTheoryData<string, bool, bool> LogCalls => new(_logs.Keys, [true, false], [true, false]);

    [Theory]
    [MemberData(nameof(LogCalls))]
    public void ALogRecordAllocatesNothingOfOurs(string call, bool isJson, bool hasScopes)
    {
        OtlpEncoder encoder = isJson ? OtlpEncoder.Json : OtlpEncoder.Protobuf;
        Sum sum = new();
        long reading = OfLogs(record => Read(record, sum), _logs[call], hasScopes);
        long ours = OfLogs(record => Write(encoder, record), _logs[call], hasScopes);
        TestContext.Current.TestOutputHelper?.WriteLine($"ours {(double)ours / Calls} B a record, reading {(double)reading / Calls}");
        Assert.True(sum.Value > 0);
        Assert.InRange(ours, 0, reading);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASpanAllocatesNothing(bool isJson)
    {
        OtlpEncoder encoder = isJson ? OtlpEncoder.Json : OtlpEncoder.Protobuf;
        Activity activity = Pipe.Span("work", static activity =>
        {
            foreach ((string name, object? value) in _kinds)
            {
                activity.SetTag(name, value);
            }

            activity.TraceStateString = "a=b";
            activity.AddEvent(new ActivityEvent("event", default, new ActivityTagsCollection(_pairs))).AddLink(new ActivityLink(new ActivityContext(
                ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, "c=d"), new ActivityTagsCollection(_pairs)));
            activity.SetStatus(ActivityStatusCode.Error, "it failed");
        });
        Assert.Equal(0, Least(() => Write(encoder, activity)));
    }

    [LoggerMessage(14, LogLevel.Information, "{Number} {Text} {Amount} {Id} {Flag} {Time}")]
    private static partial void GeneratedMixed(ILogger logger, int number, string text, double amount, Guid id, bool flag, DateTime time);

    private static void Write(OtlpEncoder encoder, LogRecord record)
    {
        Utf8Buffer buffer = Utf8Buffer.Rent();
        encoder.WriteLog(record, OtlpLimits.Default, buffer);
        Utf8Buffer.Return(buffer);
    }

    private static void Write(OtlpEncoder encoder, Activity activity)
    {
        Utf8Buffer buffer = Utf8Buffer.Rent();
        encoder.WriteSpan(activity, OtlpLimits.Default, buffer);
        Utf8Buffer.Return(buffer);
    }

    private static void Read(LogRecord record, Sum sum)
    {
        IReadOnlyList<KeyValuePair<string, object?>> attributes = record.Attributes!;
        for (int i = 0; i < attributes.Count; i++)
        {
            sum.Value += attributes[i].Value is null ? 0 : 1;
        }

        record.ForEachScope(
            static (scope, sum) =>
            {
                foreach (KeyValuePair<string, object?> pair in scope)
                {
                    sum.Value += pair.Value is null ? 0 : 1;
                }
            },
            sum);
    }

    private static long OfLogs(Action<LogRecord> onEnd, Action<ILogger> call, bool hasScopes)
    {
        long least = 0;
        using Activity activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        Pipe.Log(onEnd, logger =>
        {
            using (hasScopes ? logger.BeginScope(_pairs) : null)
            using (hasScopes ? logger.BeginScope(_dictionary) : null)
            using (hasScopes ? logger.BeginScope("a text") : null)
            {
                least = Least(() => call(logger));
            }
        });
        return least;
    }

    /// <summary>What the calls of one burst allocated, the least of some; the first one warms up.</summary>
    private static long Least(Action call)
    {
        long least = long.MaxValue;
        for (int burst = -1; burst < 3; burst++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
            {
                call();
            }

            least = burst < 0 ? least : Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private sealed class Sum
    {
        public long Value { get; set; }
    }
}
