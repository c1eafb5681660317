using System.Text;
using Benchmarks.Measuring;

namespace Benchmarks.Results;

/// <summary>The page that people read, made of the results and the remarks alone.</summary>
internal static class ReportPage
{
    private static readonly (string Group, string Title)[] _tables =
    [
        ("append", "Append"),
        ("durable", "Durable throughput at a cadence of 5 ms"),
        ("awaited", "Awaited commits"),
        ("serilog", "A Serilog event"),
        ("mel", "A call of Microsoft.Extensions.Logging"),
        ("otel", "A record of OpenTelemetry"),
        ("end-to-end", "End to end, to a directory"),
        ("s3", "End to end, to an S3 server"),
        ("cost", "What a gigabyte costs"),
    ];

    public static string Write(BenchResults results, Remarks remarks)
    {
        StringBuilder page = new();
        page.Append("# Performance\n\n");
        Paragraph(page, "<!-- Made by ./bench.sh of docs/performance.json and tests/Benchmarks/remarks.md. Change those. -->");
        Paragraph(page, remarks.Of("introduction"));
        Paragraph(page, Circumstances(results));
        page.Append("## Counts\n\n");
        WriteCounts(page, results.Counts);
        Paragraph(page, remarks.Of("counts"));
        foreach ((string group, string title) in _tables)
        {
            page.Append($"## {title}\n\n");
            PairResult[] pairs = [.. results.Pairs.Where(pair => pair.Group == group)];
            if (pairs.Length > 0)
            {
                WritePairs(page, pairs);
            }

            foreach (Remeasured apart in (results.Apart ?? []).Where(apart => apart.Group == group))
            {
                Paragraph(page, $"Measured by itself, {apart.Date} at commit {apart.Commit}; load before the start {Number(apart.LoadBefore)}.");
            }

            foreach (Omission omission in results.Omitted.Where(omission => omission.Group == group))
            {
                Paragraph(page, $"Left out in this run: {omission.Why}.");
            }

            Paragraph(page, remarks.Of(group));
        }

        return page.ToString().TrimEnd() + "\n";
    }

    private static string Circumstances(BenchResults results)
    {
        Machine machine = results.Machine;
        string quick = results.Quick ? " **A quick run, one pair each: not to be relied on.**" : "";
        return $"Measured {results.Date} at commit {results.Commit}, on {machine.Cores} cores of {machine.Processor}, {Number(machine.MemoryGiB)} GiB, {machine.Kernel}, {machine.FileSystem}, {machine.Runtime}; load before the start {Number(machine.LoadBefore)}.{quick}";
    }

    private static void WriteCounts(StringBuilder page, IReadOnlyList<CountResult> counts)
    {
        page.Append("| what | aim | measured | |\n|---|---|---|---|\n");
        foreach (CountResult count in counts)
        {
            string aim = count.AtMost is { } most ? $"at most {Number(most)}" : "";
            string verdict = count.AtMost is null ? "" : Verdict(Math.Round(count.Value, 2) <= count.AtMost);
            string remark = count.Remark.Length > 0 ? $" ({count.Remark})" : "";
            page.Append($"| {count.What} | {aim} | {Number(count.Value)}{remark} | {verdict} |\n");
        }

        page.Append('\n');
    }

    private static void WritePairs(StringBuilder page, PairResult[] pairs)
    {
        bool allocated = pairs.Any(static pair => pair.MedianOrNull(static run => run.Ours.Allocated) is not null);
        bool cpu = pairs.Any(static pair => pair.MedianOrNull(static run => run.Ours.CpuNanoseconds) is not null);
        bool commits = pairs.Any(static pair => pair.MedianOrNull(static run => run.Ours.CommitsPerSecond) is not null);
        page.Append("| what | peer | unit | ours | peer's | ratio (lowest to highest) | aim | |");
        page.Append(allocated ? " allocated, B: ours, peer's |" : "").Append(cpu ? " CPU of the calling threads, ns: ours, peer's, ratio |" : "").Append(commits ? " syncs/s: ours, peer's |" : "").Append('\n');
        page.Append("|---|---|---|---|---|---|---|---|").Append(allocated ? "---|" : "").Append(cpu ? "---|" : "").Append(commits ? "---|" : "").Append('\n');
        foreach (PairResult pair in pairs)
        {
            string verdict = pair.Aim is { } aim ? Verdict(aim.IsMet(pair.Ratio)) : "";
            page.Append($"| {pair.What} | {pair.Peer} | {pair.Unit} | {Number(pair.Ours)} | {Number(pair.Theirs)} | **{Number(pair.Ratio)}** ({Number(pair.LowestRatio)} to {Number(pair.HighestRatio)}) | {Text(pair.Aim)} | {verdict} |");
            page.Append(allocated ? $" {Both(pair, static figure => figure.Allocated)} |" : "");
            page.Append(cpu ? $" {Both(pair, static figure => figure.CpuNanoseconds)}, {Text(pair.MedianOrNull(static run => run.Ours.CpuNanoseconds / run.Theirs.CpuNanoseconds))} |" : "");
            page.Append(commits ? $" {Both(pair, static figure => figure.CommitsPerSecond)} |" : "").Append('\n');
        }

        page.Append('\n');
    }

    private static string Both(PairResult pair, Func<Figure, double?> value) => $"{Text(pair.MedianOrNull(run => value(run.Ours)))}, {Text(pair.MedianOrNull(run => value(run.Theirs)))}";

    private static string Text(Aim? aim) => aim switch
    {
        { AtLeast: { } least } => $"at least {Number(least)}",
        { AtMost: { } most } => $"at most {Number(most)}",
        _ => "",
    };

    private static string Text(double? value) => value is { } number ? Number(number) : "-";

    private static string Verdict(bool met) => met ? "met" : "**missed**";

    /// <summary>Three digits; more would be noise.</summary>
    private static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 0.005 => "0.00",
        < 10 => value.ToString("0.##"),
        < 100 => value.ToString("0.#"),
        < 1000 => value.ToString("0"),
        _ => Rounded(value).ToString("N0"),
    };

    private static double Rounded(double value)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 2);
        return Math.Round(value / unit) * unit;
    }

    private static void Paragraph(StringBuilder page, string text)
    {
        if (text.Length > 0)
        {
            page.Append(text).Append("\n\n");
        }
    }
}
