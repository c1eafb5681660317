namespace Benchmarks.Results;

/// <summary>A count that is the same on any machine, or nearly.</summary>
/// <param name="What">What is counted, with its unit.</param>
/// <param name="Value">The count.</param>
/// <param name="AtMost">The aim; null: for information.</param>
/// <param name="Remark">What belongs to it; may be empty.</param>
internal sealed record CountResult(string What, double Value, double? AtMost, string Remark = "");
