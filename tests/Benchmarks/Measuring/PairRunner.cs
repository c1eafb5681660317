using Benchmarks.Results;

namespace Benchmarks.Measuring;

/// <summary>Runs a pair: each side once unmeasured, then pairs of runs, and in every second one the peer goes first.</summary>
internal sealed class PairRunner(Bench bench)
{
    private int Runs => bench.Quick ? 1 : 5;

    public PairResult Run(Pair pair)
    {
        Console.Write($"{pair.Group}: {pair.What}, against {pair.Peer} ...");
        OneSide(pair.Ours);
        OneSide(pair.Theirs);
        List<PairRun> runs = [];
        for (int i = 0; i < Runs; i++)
        {
            bool oursFirst = i % 2 == 0;
            Figure first = OneSide(oursFirst ? pair.Ours : pair.Theirs);
            Figure second = OneSide(oursFirst ? pair.Theirs : pair.Ours);
            runs.Add(oursFirst ? new PairRun(oursFirst, first, second) : new PairRun(oursFirst, second, first));
        }

        PairResult result = new(pair.Group, pair.What, pair.Unit, pair.Peer, pair.Aim, runs);
        Console.WriteLine($" {result.Ours:G4} and {result.Theirs:G4} {pair.Unit}, ratio {result.Ratio:F2}");
        return result;
    }

    private Figure OneSide(Func<Figure> side)
    {
        bench.Clear();
        return side();
    }
}
