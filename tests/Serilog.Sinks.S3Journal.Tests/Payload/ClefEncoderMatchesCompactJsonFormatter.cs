using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Sinks.S3Journal.Tests.Support;

namespace Serilog.Sinks.S3Journal.Tests.Payload;

public class ClefEncoderMatchesCompactJsonFormatter
{
    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    public void ForAnyEvent(string culture)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        CompactJsonFormatter formatter = new();
        AnyEvent.Events.Sample(
            logEvent =>
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                string? expected = Format(formatter, logEvent);
                byte[] actual = Clef.Encode(logEvent);
                Assert.DoesNotContain((byte)'\n', actual);
                using JsonDocument document = JsonDocument.Parse(actual);
                if (expected is not null)
                {
                    // A lone surrogate reaches a file as U+FFFD with that formatter too.
                    using JsonDocument other = JsonDocument.Parse(Encoding.UTF8.GetBytes(expected));
                    Json.AssertSame(other.RootElement, document.RootElement);
                }
            },
            iter: 5_000,
            print: Clef.Text);
    }

    /// <summary>Null where that formatter gives up: a format that does not suit the value, a dictionary's key without text.</summary>
    private static string? Format(CompactJsonFormatter formatter, LogEvent logEvent)
    {
        try
        {
            StringWriter writer = new();
            formatter.Format(logEvent, writer);
            return writer.ToString();
        }
        catch (Exception e) when (e is FormatException or NullReferenceException)
        {
            return null;
        }
    }
}
