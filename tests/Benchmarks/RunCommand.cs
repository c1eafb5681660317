using Benchmarks.Counts;
using Benchmarks.Measuring;
using Benchmarks.Pairs;
using Benchmarks.Results;

namespace Benchmarks;

/// <summary>Measures, and writes the results.</summary>
internal static class RunCommand
{
    private const string CountsGroup = "counts";

    private static readonly string[] _groups = [CountsGroup, AppendPairs.Group, DurablePairs.Group, AwaitedPairs.Group, SerilogPairs.Group, ProviderPairs.Group, TelemetryPairs.Group, EndToEndPairs.Group, S3Pairs.Group, CostPairs.Group];

    public static int Run(Arguments arguments)
    {
        if (arguments.Only.FirstOrDefault(static group => !_groups.Contains(group)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no group {unknown}; there are {string.Join(", ", _groups)}.");
            return 2;
        }

        string directory = Path.Join(arguments.Directory, $"s3journal-bench-{Environment.ProcessId}");
        try
        {
            BenchResults results = Measure(new Bench(directory, arguments.Quick), arguments);
            if (arguments.Output is { } output)
            {
                (arguments.Merge ? BenchResults.Read(output).With(results, arguments.Only) : results).Write(output);
                Console.WriteLine($"Results are in {output}.");
            }
        }
        finally
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        return 0;
    }

    private static BenchResults Measure(Bench bench, Arguments arguments)
    {
        // Now: by the end somebody may have gone on.
        string commit = Repository.Commit();
        Machine machine = Machine.Describe(arguments.Directory);
        List<CountResult> counts = [];
        if (Wanted(CountsGroup))
        {
            counts.AddRange(Allocations.Count(bench));
            counts.Add(BurstHeap.Count(bench));
            counts.ForEach(static count => Console.WriteLine($"{count.What}: {count.Value:F2}"));
        }

        List<Omission> omitted = [];
        using S3Pairs? s3 = Wanted(S3Pairs.Group) ? S3Pairs.TryOpen(bench) : null;
        if (s3 is null && Wanted(S3Pairs.Group))
        {
            omitted.Add(new Omission(S3Pairs.Group, "no S3 server could be had: S3JOURNAL_TEST_ENDPOINT was not set"));
        }

        PairRunner runner = new(bench);
        IEnumerable<Pair> pairs =
        [
            .. new AppendPairs(bench).All(),
            .. new DurablePairs(bench).All(),
            .. new AwaitedPairs(bench).All(),
            .. new SerilogPairs(bench).All(),
            .. new ProviderPairs(bench).All(),
            .. new TelemetryPairs(bench).All(),
            .. new EndToEndPairs(bench).All(),
            .. s3?.All() ?? [],
            .. new CostPairs(bench).All(),
        ];
        List<PairResult> results = [.. pairs.Where(pair => Wanted(pair.Group)).Select(runner.Run)];
        return new BenchResults(commit, DateTime.UtcNow.ToString("yyyy-MM-dd"), bench.Quick, machine, counts, results, omitted);

        bool Wanted(string group) => arguments.Only.Count == 0 || arguments.Only.Contains(group);
    }
}
