using System.Globalization;
using CsCheck;
using Serilog.Events;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Payload;

public class EventsInBothEncodings
{
    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    public void SayTheSameForAnyEvent(string culture)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        AnyEvent.Events.Sample(
            logEvent =>
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                byte[] messagePack = Clef.Encode(logEvent, EntryEncoding.MessagePack);

                BothEncodings both = BothEncodings.AssertAgree(Clef.Encode(logEvent), messagePack);

                Assert.NotEmpty(MessagePackText.Of(messagePack));
                object?[] scalars = [.. logEvent.Properties.Values.SelectMany(Scalars)];
                Assert.Equal(scalars.Count(static value => value is decimal), both.NumbersAsTexts);
                Assert.Equal(scalars.Count(static value => value is float), both.Singles);
            },
            iter: 5_000,
            print: Clef.Text);
    }

    [Fact]
    public void ManyAndLongThingsSayTheSame()
    {
        foreach (int count in new[] { 0, 10, 15, 16, 17, 31, 32, 255, 256, 65_535, 65_536, 65_537 })
        {
            LogEvent logEvent = Some.Event(
                new string('t', count),
                [
                    ("Ascii", new string('x', count)),
                    ("Wide", new string('é', count)),
                    ("Elements", new SequenceValue(Enumerable.Range(0, count).Select(i => Some.Value(i)))),
                    ("Members", new StructureValue(Enumerable.Range(0, count).Select(i => new LogEventProperty($"N{i}", Some.Value(i))))),
                    .. Enumerable.Range(0, count).Select(i => ($"P{i}", (object?)null)),
                ]);
            byte[] messagePack = Clef.Encode(logEvent, EntryEncoding.MessagePack);

            BothEncodings.AssertAgree(Clef.Encode(logEvent), messagePack);
            Assert.NotEmpty(MessagePackText.Of(messagePack));
        }
    }

    [Fact]
    public void TheBytesOfAnEventAreThoseOfThePage()
    {
        LogEvent logEvent = Some.Event(LogEventLevel.Error, "Took {Elapsed}", ("Elapsed", 1.5), ("@x", 300), ("List", new SequenceValue([Some.Value(-1), Some.Value(null)])));

        Assert.Equal(
            "86"
            + "a24074" + "bc323032362d31312d32325430383a31353a30302e303030303030305a"
            + "a3406d74" + "ae546f6f6b207b456c61707365647d"
            + "a2406c" + "a54572726f72"
            + "a7456c6170736564" + "cb3ff8000000000000"
            + "a3404078" + "cd012c"
            + "a44c697374" + "92ffc0",
            Convert.ToHexStringLower(Clef.Encode(logEvent, EntryEncoding.MessagePack)));
    }

    private static IEnumerable<object?> Scalars(LogEventPropertyValue value) => value switch
    {
        ScalarValue scalar => [scalar.Value],
        SequenceValue sequence => sequence.Elements.SelectMany(Scalars),
        StructureValue structure => structure.Properties.SelectMany(static property => Scalars(property.Value)),
        DictionaryValue dictionary => dictionary.Elements.Values.SelectMany(Scalars),
        _ => [],
    };
}
