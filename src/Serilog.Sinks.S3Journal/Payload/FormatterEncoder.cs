using Serilog.Events;
using Serilog.Formatting;

namespace Serilog.Sinks.S3Journal.Payload;

/// <summary>Payloads as any <see cref="ITextFormatter"/> writes them, without the line break at the end.</summary>
internal sealed class FormatterEncoder : EventEncoder
{
    private readonly ITextFormatter _formatter;

    public FormatterEncoder(ITextFormatter formatter) => _formatter = formatter;

    public override void Encode(LogEvent logEvent, Utf8Buffer output)
    {
        CharBuffer text = CharBuffer.Rent();
        try
        {
            _formatter.Format(logEvent, text);
            output.WriteText(WithoutLineBreak(text.Written));
        }
        finally
        {
            CharBuffer.Return(text);
        }
    }

    private static ReadOnlySpan<char> WithoutLineBreak(ReadOnlySpan<char> text)
    {
        if (text.EndsWith('\n'))
        {
            text = text[..^1];
            if (text.EndsWith('\r'))
            {
                text = text[..^1];
            }
        }

        return text;
    }
}
