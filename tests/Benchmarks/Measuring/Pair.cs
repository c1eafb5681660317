namespace Benchmarks.Measuring;

/// <summary>One measurement of two sides that do the same work.</summary>
/// <param name="Group">The table it stands in.</param>
/// <param name="What">What is done.</param>
/// <param name="Unit">Of both figures.</param>
/// <param name="Peer">The other side.</param>
/// <param name="Ours">A run of ours; makes what it needs in the bench's directory, which is empty before and deleted after.</param>
/// <param name="Theirs">A run of the peer.</param>
internal sealed record Pair(string Group, string What, string Unit, string Peer, Func<Figure> Ours, Func<Figure> Theirs)
{
    /// <summary>Null: for information.</summary>
    public Aim? Aim { get; init; }
}
