using System.Globalization;
using System.Text.Unicode;
using Serilog.Events;
using Serilog.Parsing;

namespace Serilog.Sinks.S3Journal.Payload;

/// <summary>
/// What is stored of an event too large for the journal: an event of its own, so that any formatter can write it. It has
/// the time, level, trace and template, the first 8 KiB of message and exception as <c>text</c> and <c>exception</c>, the small
/// scalar properties, and <c>truncated</c>.
/// </summary>
internal static class StandIn
{
    internal const int MaxTextBytes = 8 * 1024;
    private const int MaxPropertyChars = 256;

    public static LogEvent Of(LogEvent logEvent)
    {
        List<LogEventProperty> properties = [];
        AddSmallProperties(logEvent, properties);
        properties.Add(new("text", new ScalarValue(Message(logEvent))));
        if (logEvent.Exception is { } exception)
        {
            properties.Add(new("exception", new ScalarValue(Cut(exception.ToString()))));
        }

        properties.Add(new("truncated", new ScalarValue(true)));
        return new LogEvent(
            logEvent.Timestamp, logEvent.Level, null, Template(logEvent.MessageTemplate), properties, logEvent.TraceId ?? default, logEvent.SpanId ?? default);
    }

    private static MessageTemplate Template(MessageTemplate template)
        => template.Text.Length <= MaxTextBytes ? template : new MessageTemplate(Cut(template.Text), [new TextToken(Cut(template.Text))]);

    /// <summary>Small values are kept, for they correlate events; numbers, flags and ids are small, texts when they are short.</summary>
    private static void AddSmallProperties(LogEvent logEvent, List<LogEventProperty> properties)
    {
        int left = MaxTextBytes;
        foreach ((string name, LogEventPropertyValue value) in logEvent.Properties)
        {
            if (value is not ScalarValue { Value: null or string { Length: <= MaxPropertyChars } or ValueType } || name is "text" or "exception" or "truncated")
            {
                continue;
            }

            left -= name.Length + ((value as ScalarValue)?.Value is string text ? text.Length : 32);
            if (left >= 0)
            {
                properties.Add(new LogEventProperty(name, value));
            }
        }
    }

    private static string Message(LogEvent logEvent)
    {
        CharBuffer text = CharBuffer.Rent(MaxTextBytes);
        try
        {
            logEvent.RenderMessage(text, CultureInfo.InvariantCulture);
            return Cut(text.Written);
        }
        catch (FormatException)
        {
            return Cut(logEvent.MessageTemplate.Text);
        }
        finally
        {
            CharBuffer.Return(text);
        }
    }

    /// <summary>As much of the text as <see cref="MaxTextBytes"/> of UTF-8 hold, in whole characters.</summary>
    private static string Cut(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[MaxTextBytes];
        Utf8.FromUtf16(text, utf8, out int read, out _);
        return text[..read].ToString();
    }
}
