namespace Serilog.Sinks.S3Journal.Routing;

internal enum StreamTemplatePartKind
{
    Literal,
    Property,
    Level,
}

/// <summary>A piece of a stream template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The literal, or the property's name.</param>
internal readonly record struct StreamTemplatePart(StreamTemplatePartKind Kind, string Text);
