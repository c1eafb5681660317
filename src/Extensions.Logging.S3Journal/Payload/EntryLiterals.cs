namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>Strings that are likely to come again, as one encoding writes them. Each thread has its own.</summary>
internal sealed class EntryLiterals<TFormat>
    where TFormat : struct, IEntryFormat
{
    [ThreadStatic]
    private static EntryLiterals<TFormat>? _ofThread;

    private EntryLiterals()
    {
    }

    public static EntryLiterals<TFormat> OfThread => _ofThread ??= new();

    public LiteralCache Names { get; } = new(static (name, output) => TFormat.PropertyName(name, output));

    public LiteralCache Texts { get; } = new(static (text, output) => TFormat.Text(text, output));
}
