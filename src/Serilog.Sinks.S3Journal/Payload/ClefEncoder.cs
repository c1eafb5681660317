using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace Serilog.Sinks.S3Journal.Payload;

/// <summary>
/// Compact Log Event Format, one JSON document an event: https://clef-json.org. What a document says is what
/// <c>CompactJsonFormatter</c> of Serilog.Formatting.Compact would have it say; it is written as UTF-8 at once.
/// Where that formatter throws for one bad rendering, the event is kept and the token stands for its rendering.
/// </summary>
internal sealed class ClefEncoder : EventEncoder
{
    public static ClefEncoder Instance { get; } = new();

    public override void Encode(LogEvent logEvent, Utf8Buffer output)
    {
        output.Write("{\"@t\":\""u8);
        output.Write(logEvent.Timestamp.UtcDateTime, "O");
        output.Write("\",\"@mt\":"u8);
        output.WriteJsonString(logEvent.MessageTemplate.Text);
        WriteRenderings(logEvent, output);

        if (logEvent.Level != LogEventLevel.Information)
        {
            output.Write(",\"@l\":"u8);
            output.WriteJsonString(LevelName.Of(logEvent.Level));
        }

        if (logEvent.Exception is { } exception)
        {
            output.Write(",\"@x\":"u8);
            output.WriteJsonString(exception.ToString());
        }

        WriteTrace(logEvent, output);
        WriteProperties(logEvent, output);
        output.WriteByte((byte)'}');
    }

    private static void WriteTrace(LogEvent logEvent, Utf8Buffer output)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (logEvent.TraceId is { } traceId)
        {
            traceId.CopyTo(bytes);
            output.Write(",\"@tr\":\""u8);
            output.WriteHex(bytes);
            output.WriteByte((byte)'"');
        }

        if (logEvent.SpanId is { } spanId)
        {
            spanId.CopyTo(bytes[..8]);
            output.Write(",\"@sp\":\""u8);
            output.WriteHex(bytes[..8]);
            output.WriteByte((byte)'"');
        }
    }

    private static void WriteProperties(LogEvent logEvent, Utf8Buffer output)
    {
        // Serilog's own dictionary is enumerated without a boxed enumerator.
        if (logEvent.Properties is Dictionary<string, LogEventPropertyValue> properties)
        {
            foreach ((string name, LogEventPropertyValue value) in properties)
            {
                WriteProperty(name, value, output);
            }

            return;
        }

        foreach ((string name, LogEventPropertyValue value) in logEvent.Properties)
        {
            WriteProperty(name, value, output);
        }
    }

    private static void WriteProperty(string name, LogEventPropertyValue value, Utf8Buffer output)
    {
        output.Write(name.StartsWith('@') ? ",\"@"u8 : ",\""u8);
        output.WriteJsonText(name);
        output.Write("\":"u8);
        ClefValue.Write(value, output);
    }

    /// <summary><c>@r</c>: the text of each token that has a format, since a reader could not redo it.</summary>
    private static void WriteRenderings(LogEvent logEvent, Utf8Buffer output)
    {
        IEnumerable<MessageTemplateToken> tokens = logEvent.MessageTemplate.Tokens;
        bool any = false;
        if (tokens is MessageTemplateToken[] array)
        {
            foreach (MessageTemplateToken token in array)
            {
                WriteRendering(token, logEvent, ref any, output);
            }
        }
        else
        {
            foreach (MessageTemplateToken token in tokens)
            {
                WriteRendering(token, logEvent, ref any, output);
            }
        }

        if (any)
        {
            output.WriteByte((byte)']');
        }
    }

    private static void WriteRendering(MessageTemplateToken token, LogEvent logEvent, ref bool any, Utf8Buffer output)
    {
        if (token is not PropertyToken { Format: not null } property)
        {
            return;
        }

        output.Write(any ? ","u8 : ",\"@r\":["u8);
        any = true;

        CharBuffer text = CharBuffer.Rent();
        try
        {
            property.Render(logEvent.Properties, text, CultureInfo.InvariantCulture);
            output.WriteJsonString(text.Written);
        }
        catch (FormatException)
        {
            output.WriteJsonString(property.ToString());
        }
        finally
        {
            CharBuffer.Return(text);
        }
    }
}
