namespace Benchmarks.Results;

/// <summary>A group that was measured by itself after the others.</summary>
internal sealed record Remeasured(string Group, string Commit, string Date, double LoadBefore);
