namespace Benchmarks.Measuring;

/// <summary>What the ratio, ours by the peer's, is to be. One of the two is given.</summary>
internal sealed record Aim(double? AtLeast = null, double? AtMost = null)
{
    public bool IsMet(double ratio) => AtLeast is { } least ? ratio >= least : ratio <= AtMost;
}
