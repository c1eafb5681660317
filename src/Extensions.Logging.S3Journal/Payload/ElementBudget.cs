namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>How much of the collections in one entry is still written: some have no end, and some hold themselves.</summary>
internal struct ElementBudget
{
    public const int MaxElements = 10_000;
    public const int MaxDepth = 10;

    private int _elements;

    /// <summary>Collections that the present one stands in.</summary>
    public int Depth { get; set; }

    public bool TryTake() => _elements++ < MaxElements;
}
