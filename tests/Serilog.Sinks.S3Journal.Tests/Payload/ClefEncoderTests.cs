using System.Diagnostics;
using System.Text.Json;
using Serilog.Events;
using Serilog.Sinks.S3Journal.Payload;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Payload;

public class ClefEncoderTests
{
    [Fact]
    public void AnEventIsOneLineOfClef()
    {
        LogEvent logEvent = new(
            Some.Time,
            LogEventLevel.Warning,
            null,
            Some.Template("Took {Elapsed:0.00} ms for {User}"),
            [new("Elapsed", new ScalarValue(1.5)), new("User", new ScalarValue("a\"b")), new("@t", new ScalarValue(1))],
            ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c"),
            ActivitySpanId.CreateFromString("b7ad6b7169203331"));

        Assert.Equal(
            """{"@t":"2026-11-22T08:15:00.0000000Z","@mt":"Took {Elapsed:0.00} ms for {User}","@r":["1.50"],"@l":"Warning","@tr":"0af7651916cd43dd8448eb211c80319c","@sp":"b7ad6b7169203331","Elapsed":1.5,"User":"a\"b","@@t":1}""",
            Clef.Text(logEvent));
    }

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void AFormatThatDoesNotSuitTheValueCostsItsRenderingOnly(EntryEncoding encoding)
    {
        JsonElement json = Clef.Parse(Some.Event("{Id:000} {Name}", ("Id", Guid.Empty), ("Name", "x")), encoding);

        Assert.Equal("{Id:000}", json.GetProperty("@r")[0].GetString());
        Assert.Equal("x", json.GetProperty("Name").GetString());
    }

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void AKindOfValueThatSerilogDoesNotKnowIsKeptAsText(EntryEncoding encoding)
        => Assert.Equal("mine", Clef.Parse(Some.Event("x", ("A", new OwnValue())), encoding).GetProperty("A").GetString());

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void ValuesNestedWithoutEndThrowInsteadOfEndingTheProcess(EntryEncoding encoding)
    {
        LogEventPropertyValue value = new ScalarValue(1);
        for (int i = 0; i < 1_000_000; i++)
        {
            value = new SequenceValue([value]);
        }

        Assert.Throws<InsufficientExecutionStackException>(() => Clef.Encode(Some.Event("x", ("Deep", value)), encoding));
    }

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void AValueThatLogsWhileItIsWrittenGetsABufferOfItsOwn(EntryEncoding encoding)
    {
        string? inner = null;
        Logging value = new(() => inner = Clef.Parse(Some.Event("inner {A:000}", ("A", 1)), encoding).GetRawText());

        JsonElement json = Clef.Parse(Some.Event("outer {V:x}", ("V", value), ("W", value)), encoding);

        Assert.Equal("logged", json.GetProperty("@r")[0].GetString());
        Assert.Equal("logged", json.GetProperty("W").GetString());
        Assert.Equal("inner {A:000}", JsonDocument.Parse(inner!).RootElement.GetProperty("@mt").GetString());
    }

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void ABufferThatGrewHugeIsNotKept(EntryEncoding encoding)
    {
        Clef.Encode(Some.Event("x", ("Big", new string('x', 4 * Utf8Buffer.MaxKeptBytes))), encoding);

        Utf8Buffer next = Utf8Buffer.Rent();

        Assert.InRange(next.Capacity, 1, Utf8Buffer.MaxKeptBytes);
    }

    [Fact]
    public void AFormatterOfTheUsersLosesItsLastLineBreakOnly()
    {
        LogEvent logEvent = Some.Event("é\n");

        Assert.Equal("é\n\"é\\n\""u8.ToArray(), Clef.Encode(new FormatterEncoder(new Lines("\n")), logEvent));
        Assert.Equal("é\n\"é\\n\""u8.ToArray(), Clef.Encode(new FormatterEncoder(new Lines("\r\n")), logEvent));
        Assert.Equal("é\n\"é\\n\""u8.ToArray(), Clef.Encode(new FormatterEncoder(new Lines("")), logEvent));
        Assert.Equal("é\n\"é\\n\"\n"u8.ToArray(), Clef.Encode(new FormatterEncoder(new Lines("\n\n")), logEvent));
    }

    private sealed class Lines(string end) : Serilog.Formatting.ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output)
        {
            output.Write(logEvent.RenderMessage());
            output.Write("\"é\\n\"" + end);
        }
    }

    private sealed class OwnValue : LogEventPropertyValue
    {
        public override void Render(TextWriter output, string? format = null, IFormatProvider? formatProvider = null) => output.Write("mine");
    }

    private sealed class Logging(Action log)
    {
        public override string ToString()
        {
            log();
            return "logged";
        }
    }
}
