namespace Benchmarks.Results;

/// <summary>A pair that could not be run, and why.</summary>
internal sealed record Omission(string Group, string Why);
