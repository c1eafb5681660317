using System.Text;
using Serilog.Events;
using Serilog.Sinks.S3Journal.Payload;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Routing;

/// <summary>
/// The name of an event's stream: constant, or with tokens as in <c>{Application}/{Level}</c>. <c>{Level}</c> is the
/// event's level, whatever its properties are; any other token is the scalar property of that name, encoded so that two
/// values never share a stream and none can leave its segment. Missing, null or structured is <c>_</c>.
/// </summary>
internal sealed class StreamTemplate
{
    /// <summary>Stands for a missing value.</summary>
    private const string Missing = "_";

    /// <summary>Stands for a missing value's length in a key, where no value is that long.</summary>
    private const char MissingLength = char.MaxValue;

    private readonly StreamTemplatePart[] _parts;

    internal StreamTemplate(StreamTemplatePart[] parts) => _parts = parts;

    /// <summary>The one name that every event has, or null when names differ.</summary>
    public string? ConstantName => _parts is [{ Kind: StreamTemplatePartKind.Literal } only] ? only.Text : null;

    /// <summary>The template of that text; null takes the program's name.</summary>
    /// <exception cref="JournalException">The text is not a template; the message says why.</exception>
    public static StreamTemplate Parse(string? text)
        => text is null ? new([new(StreamTemplatePartKind.Literal, ProgramName.AsStream())]) : new([.. StreamTemplateParser.Parse(text, "{Application}/{Level}").Select(PartOf)]);

    /// <summary>The name of the event's stream.</summary>
    public string Render(LogEvent logEvent)
    {
        StringBuilder name = new();
        foreach (StreamTemplatePart part in _parts)
        {
            name.Append(part.Kind switch
            {
                StreamTemplatePartKind.Literal => part.Text,
                StreamTemplatePartKind.Level => LevelName.Of(logEvent.Level),
                _ => Encode(ValueOf(part, logEvent)),
            });
        }

        return name.ToString();
    }

    /// <summary>
    /// Writes what <see cref="Render"/> depends on: equal keys have equal names, and other names have other keys. Each value
    /// follows its length, so that no value can reach into its neighbour. False when the values are too long for that.
    /// </summary>
    public bool TryWriteKey(LogEvent logEvent, Span<char> destination, out int written)
    {
        written = 0;
        foreach (StreamTemplatePart part in _parts)
        {
            if (part.Kind == StreamTemplatePartKind.Literal)
            {
                continue;
            }

            if (written == destination.Length)
            {
                return false;
            }

            if (part.Kind == StreamTemplatePartKind.Level)
            {
                destination[written++] = (char)logEvent.Level;
                continue;
            }

            int length = 0;
            object? value = ValueOf(part, logEvent);
            if (value is not null && !ScalarText.TryWrite(value, destination[(written + 1)..], out length))
            {
                return false;
            }

            destination[written] = value is null ? MissingLength : (char)length;
            written += 1 + length;
        }

        return true;
    }

    private static StreamTemplatePart PartOf(TemplatePart part) => new(
        part switch
        {
            { IsToken: false } => StreamTemplatePartKind.Literal,
            { Text: "Level" } => StreamTemplatePartKind.Level,
            _ => StreamTemplatePartKind.Property,
        },
        part.Text);

    private static object? ValueOf(StreamTemplatePart part, LogEvent logEvent)
        => logEvent.Properties.TryGetValue(part.Text, out LogEventPropertyValue? value) && value is ScalarValue scalar ? scalar.Value : null;

    private static string Encode(object? value) => value is null ? Missing : Journal.EncodeStreamSegment(ScalarText.Of(value));
}
