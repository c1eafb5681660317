using System.Text.Json.Serialization;
using Benchmarks.Measuring;

namespace Benchmarks.Results;

/// <summary>The runs of a pair; the figures are medians of them.</summary>
internal sealed record PairResult(string Group, string What, string Unit, string Peer, Aim? Aim, IReadOnlyList<PairRun> Runs)
{
    [JsonIgnore]
    public double Ours => Median(static run => run.Ours.Value);

    [JsonIgnore]
    public double Theirs => Median(static run => run.Theirs.Value);

    /// <summary>Median of the runs' ratios, ours by theirs: what disturbs the machine for seconds disturbs both sides of a run.</summary>
    [JsonIgnore]
    public double Ratio => Median(static run => run.Ratio);

    [JsonIgnore]
    public double LowestRatio => Runs.Min(static run => run.Ratio);

    [JsonIgnore]
    public double HighestRatio => Runs.Max(static run => run.Ratio);

    public double? MedianOrNull(Func<PairRun, double?> value) => Runs.All(run => value(run) is null) ? null : Median(run => value(run) ?? 0);

    private double Median(Func<PairRun, double> value)
    {
        double[] sorted = [.. Runs.Select(value).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

/// <summary>One run of each side, one after the other.</summary>
internal sealed record PairRun(bool OursFirst, Figure Ours, Figure Theirs)
{
    [JsonIgnore]
    public double Ratio => Ours.Value / Theirs.Value;
}
