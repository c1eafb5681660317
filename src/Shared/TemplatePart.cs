namespace S3Journal.Adapters;

/// <summary>A piece of a stream template.</summary>
/// <param name="IsToken">Whether it stands for a value.</param>
/// <param name="Text">The token's name, or the text itself.</param>
internal readonly record struct TemplatePart(bool IsToken, string Text);
