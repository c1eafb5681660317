namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>How much of the values in one entry is still written: some have no end, and some hold themselves.</summary>
/// <param name="maxBytes">What the entry may take. Beyond it nothing more is needed: the journal will not take it.</param>
/// <param name="maxTextLength">Chars of a text, or bytes of an array of bytes, in one value.</param>
internal struct ValueBudget(int maxBytes, int maxTextLength)
{
    /// <summary>Of all maps of an entry together, and of one list of attributes: whoever gives more gives without end.</summary>
    public const int MaxElements = 100_000;

    /// <summary>Maps within maps, as the OTLP exporter has it; the next one is written as a text.</summary>
    public const int MaxDepth = 3;

    /// <summary>Of one array, as the OTLP exporter has it; a text takes the place of a larger one.</summary>
    public const int MaxArrayBytes = 2 * 1024 * 1024;

    private int _elements;

    public int MaxTextLength { get; set; } = maxTextLength;

    /// <summary>Maps that the present one stands in.</summary>
    public int Depth { get; set; }

    /// <summary>Whether a map may have one element more.</summary>
    public bool TryTakeElement() => _elements++ < MaxElements;

    public readonly bool Allows(Utf8Buffer output) => output.Length <= maxBytes;

    /// <summary>As much of a value's text as may be there.</summary>
    public readonly ReadOnlySpan<char> Cut(ReadOnlySpan<char> text) => CutToSize(text.Length <= MaxTextLength ? text : text[..MaxTextLength]);

    /// <summary>As much of a text as shows that the entry is too large.</summary>
    public readonly ReadOnlySpan<char> CutToSize(ReadOnlySpan<char> text) => text.Length <= maxBytes ? text : text[..(maxBytes + 1)];

    /// <summary>The same for an array of bytes.</summary>
    public readonly ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes)
    {
        int most = Math.Min(MaxTextLength, maxBytes == int.MaxValue ? maxBytes : maxBytes + 1);
        return bytes.Length <= most ? bytes : bytes[..most];
    }
}
