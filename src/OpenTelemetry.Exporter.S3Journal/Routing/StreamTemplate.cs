using System.Globalization;
using System.Text;
using OpenTelemetry.Resources;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Routing;

/// <summary>
/// The name of a signal's stream: text, and tokens that stand for attributes of the resource, encoded so that two values never share a stream and none can leave its
/// segment. Each signal has a stream of its own, for it has an encoding of its own.
/// </summary>
internal sealed class StreamTemplate
{
    private const string Default = "otel";
    private const string SignalToken = "signal";
    private const string LongestSignal = "/traces";

    /// <summary>Stands for a missing value.</summary>
    private const string Missing = "_";

    private readonly IReadOnlyList<TemplatePart> _parts;

    private StreamTemplate(IReadOnlyList<TemplatePart> parts) => _parts = parts;

    /// <exception cref="JournalException">The text is not a template; the message says why.</exception>
    public static StreamTemplate Parse(string? text)
    {
        List<TemplatePart> parts = StreamTemplateParser.Parse(text ?? Default, "{service.namespace}/{service.name}", LongestSignal);
        TemplatePart signal = new(IsToken: true, SignalToken);
        return new StreamTemplate(parts.Contains(signal) ? parts : [.. parts, new(IsToken: false, "/"), signal]);
    }

    public string Render(string signal, Resource resource)
    {
        StringBuilder name = new();
        foreach (TemplatePart part in _parts)
        {
            name.Append(part switch
            {
                { IsToken: false } => part.Text,
                { Text: SignalToken } => signal,
                _ => TextOf(part.Text, resource) is { } text ? Journal.EncodeStreamSegment(text) : Missing,
            });
        }

        return name.ToString();
    }

    private static string? TextOf(string attribute, Resource resource)
    {
        foreach (KeyValuePair<string, object> found in resource.Attributes)
        {
            if (found.Key == attribute)
            {
                return found.Value is string or IConvertible ? Convert.ToString(found.Value, CultureInfo.InvariantCulture) : null;
            }
        }

        return null;
    }
}
