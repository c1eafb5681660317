using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Payload;

/// <summary>
/// Compact Log Event Format, one document an event: https://clef-json.org. What a JSON document says is what
/// <c>CompactJsonFormatter</c> of Serilog.Formatting.Compact would have it say; it is written as UTF-8 at once.
/// Where that formatter throws for one bad rendering, the event is kept and the token stands for its rendering.
/// </summary>
internal sealed class ClefEncoder<TFormat> : EventEncoder
    where TFormat : struct, IEntryFormat
{
    public override EntryEncoding Encoding => TFormat.Encoding;

    public override EventEncoder For(EntryEncoding encoding) => encoding == TFormat.Encoding ? this : ClefEncoder.Of(encoding);

    public override void Encode(LogEvent logEvent, Utf8Buffer output)
    {
        int entry = TFormat.BeginMap(output);
        TFormat.Member(entry, "@t"u8, output);
        TFormat.Text(logEvent.Timestamp.UtcDateTime, "O", output);
        TFormat.Member(entry, "@mt"u8, output);
        TFormat.Text(logEvent.MessageTemplate.Text, output);
        WriteRenderings(logEvent, entry, output);

        if (logEvent.Level != LogEventLevel.Information)
        {
            TFormat.Member(entry, "@l"u8, output);
            TFormat.Text(LevelName.Of(logEvent.Level), output);
        }

        if (logEvent.Exception is { } exception)
        {
            TFormat.Member(entry, "@x"u8, output);
            TFormat.Text(exception.ToString(), output);
        }

        WriteTrace(logEvent, entry, output);
        WriteProperties(logEvent, entry, output);
        TFormat.EndMap(output);
    }

    private static void WriteTrace(LogEvent logEvent, int entry, Utf8Buffer output)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (logEvent.TraceId is { } traceId)
        {
            traceId.CopyTo(bytes);
            TFormat.Member(entry, "@tr"u8, output);
            TFormat.Hex(bytes, output);
        }

        if (logEvent.SpanId is { } spanId)
        {
            spanId.CopyTo(bytes[..8]);
            TFormat.Member(entry, "@sp"u8, output);
            TFormat.Hex(bytes[..8], output);
        }
    }

    private static void WriteProperties(LogEvent logEvent, int entry, Utf8Buffer output)
    {
        // Serilog's own dictionary is enumerated without a boxed enumerator.
        if (logEvent.Properties is Dictionary<string, LogEventPropertyValue> properties)
        {
            foreach ((string name, LogEventPropertyValue value) in properties)
            {
                WriteProperty(name, value, entry, output);
            }

            return;
        }

        foreach ((string name, LogEventPropertyValue value) in logEvent.Properties)
        {
            WriteProperty(name, value, entry, output);
        }
    }

    private static void WriteProperty(string name, LogEventPropertyValue value, int entry, Utf8Buffer output)
    {
        TFormat.Next(entry, output);
        TFormat.PropertyName(name, output);
        ClefValue<TFormat>.Write(value, output);
    }

    /// <summary><c>@r</c>: the text of each token that has a format, since a reader could not redo it.</summary>
    private static void WriteRenderings(LogEvent logEvent, int entry, Utf8Buffer output)
    {
        IEnumerable<MessageTemplateToken> tokens = logEvent.MessageTemplate.Tokens;
        int? renderings = null;
        if (tokens is MessageTemplateToken[] array)
        {
            foreach (MessageTemplateToken token in array)
            {
                WriteRendering(token, logEvent, entry, ref renderings, output);
            }
        }
        else
        {
            foreach (MessageTemplateToken token in tokens)
            {
                WriteRendering(token, logEvent, entry, ref renderings, output);
            }
        }

        if (renderings is not null)
        {
            TFormat.EndArray(output);
        }
    }

    private static void WriteRendering(MessageTemplateToken token, LogEvent logEvent, int entry, ref int? renderings, Utf8Buffer output)
    {
        if (token is not PropertyToken { Format: not null } property)
        {
            return;
        }

        if (renderings is not { } array)
        {
            TFormat.Member(entry, "@r"u8, output);
            renderings = array = TFormat.BeginArray(output);
        }

        TFormat.Next(array, output);
        CharBuffer text = CharBuffer.Rent();
        try
        {
            property.Render(logEvent.Properties, text, CultureInfo.InvariantCulture);
            TFormat.Text(text.Written, output);
        }
        catch (FormatException)
        {
            TFormat.Text(property.ToString(), output);
        }
        finally
        {
            CharBuffer.Return(text);
        }
    }
}
