using System.Diagnostics;
using Serilog.Events;
using Serilog.Sinks.S3Journal.Payload;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Payload;

public class ClefEncoderAllocations
{
    private static readonly (string, object?)[] Common =
    [
        ("User", "Zoë \"q\""), ("Count", 42), ("Total", 1L << 40), ("Ratio", 0.125), ("Price", 12.50m), ("Ok", true), ("None", null), ("Nan", double.NaN), ("Single", 1.5f),
        ("Id", Guid.Parse("b1a5b1a5-0000-4000-8000-000000000001")), ("At", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)), ("Off", Some.Time),
        ("Day", new DateOnly(2026, 1, 2)), ("Hour", new TimeOnly(1, 2)), ("Took", TimeSpan.FromMilliseconds(12)), ("Letter", 'x'), ("Kind", DayOfWeek.Friday),
    ];

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void CommonKindsOfPropertiesAllocateNothing(EntryEncoding encoding) => Assert.Equal(0, PerEvent(encoding, Some.Event(LogEventLevel.Error, "User {User} bought {Count}", Common)));

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void NestedValuesAllocateNothing(EntryEncoding encoding) => Assert.Equal(0, PerEvent(encoding, Some.Event(
        "x",
        ("Seq", new SequenceValue([Some.Value(1), Some.Value("two")])),
        ("Obj", new StructureValue([new("A", Some.Value(1))], "T")),
        ("Map", new DictionaryValue([KeyValuePair.Create(new ScalarValue("k"), Some.Value(1))])))));

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void TraceIdsAllocateNothing(EntryEncoding encoding)
    {
        using Activity activity = new("work");
        activity.SetIdFormat(ActivityIdFormat.W3C);
        activity.Start();
        Assert.Equal(0, PerEvent(encoding, new LogEvent(Some.Time, LogEventLevel.Information, null, Some.Template("x"), [], activity.TraceId, activity.SpanId)));
    }

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void RenderingsAllocateLittle(EntryEncoding encoding) => Assert.InRange(PerEvent(encoding, Some.Event("{Ratio:0.00} {Count,8:000}", Common)), 0, 128);

    private static long PerEvent(EntryEncoding encoding, LogEvent logEvent)
    {
        const int Events = 20_000;
        Encode(encoding, logEvent, Events);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Encode(encoding, logEvent, Events);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{(double)allocated / Events} B an event");
        return allocated / Events;
    }

    private static void Encode(EntryEncoding encoding, LogEvent logEvent, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Utf8Buffer buffer = Utf8Buffer.Rent();
            ClefEncoder.Of(encoding).Encode(logEvent, buffer);
            Utf8Buffer.Return(buffer);
        }
    }
}
