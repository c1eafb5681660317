using System.Globalization;
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
    private const int MaxPropertyChars = 256;

    public static LogEvent Of(LogEvent logEvent)
    {
        List<LogEventProperty> properties = [];
        AddSmallProperties(logEvent, properties);
        properties.Add(new("text", new ScalarValue(Message(logEvent))));
        if (logEvent.Exception is { } exception)
        {
            properties.Add(new("exception", new ScalarValue(TextCut.Of(exception.ToString()).ToString())));
        }

        properties.Add(new("truncated", new ScalarValue(true)));
        return new LogEvent(
            logEvent.Timestamp, logEvent.Level, null, Template(logEvent.MessageTemplate), properties, logEvent.TraceId ?? default, logEvent.SpanId ?? default);
    }

    private static MessageTemplate Template(MessageTemplate template)
    {
        if (template.Text.Length <= TextCut.MaxBytes)
        {
            return template;
        }

        string text = TextCut.Of(template.Text).ToString();
        return new MessageTemplate(text, [new TextToken(text)]);
    }

    /// <summary>Small values are kept, for they correlate events; numbers, flags and ids are small, texts when they are short.</summary>
    private static void AddSmallProperties(LogEvent logEvent, List<LogEventProperty> properties)
    {
        int left = TextCut.MaxBytes;
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
        CharBuffer text = CharBuffer.Rent(TextCut.MaxBytes);
        try
        {
            logEvent.RenderMessage(text, CultureInfo.InvariantCulture);
            return TextCut.Of(text.Written).ToString();
        }
        catch (FormatException)
        {
            return TextCut.Of(logEvent.MessageTemplate.Text).ToString();
        }
        finally
        {
            CharBuffer.Return(text);
        }
    }
}
