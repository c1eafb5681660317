namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>How much of the collections in one entry is still written: some have no end, and some hold themselves.</summary>
/// <param name="maxBytes">What an entry may take. Beyond it nothing more is needed: the journal will not take it.</param>
internal struct ElementBudget(int maxBytes)
{
    public const int MaxElements = 10_000;
    public const int MaxDepth = 10;

    private int _elements;

    /// <summary>Collections that the present one stands in.</summary>
    public int Depth { get; set; }

    /// <summary>Whether an element more may be written behind these bytes.</summary>
    public bool TryTake(Utf8Buffer output) => _elements++ < MaxElements && Allows(output);

    public readonly bool Allows(Utf8Buffer output) => output.Length <= maxBytes;
}
