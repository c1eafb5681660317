using System.Diagnostics;
using Benchmarks.Measuring;
using Microsoft.Extensions.Logging;
using Sink.Core;

namespace Benchmarks.Pairs;

/// <summary>
/// Calls to providers of Microsoft.Extensions.Logging: nanoseconds that a call takes its thread. Ours has made the entry and has it in a place that outlives the process when the call
/// returns; the peers leave that to a thread of theirs.
/// </summary>
internal sealed class ProviderPairs(Bench bench)
{
    public const string Group = "mel";

    private const int BurstCalls = 20_000;

    private static readonly Aim _aim = new(AtMost: 0.6);

    private static readonly (string Name, Action<ILogger, int> Call) _texts = ("[LoggerMessage], two strings", static (logger, _) => ProviderCalls.Texts(logger, "ACME", "invoice"));
    private static readonly (string Name, Action<ILogger, int> Call) _numberAndText = ("[LoggerMessage], int and string", static (logger, i) => ProviderCalls.NumberAndText(logger, i, "ACME"));
    private static readonly (string Name, Action<ILogger, int> Call) _scoped = ("[LoggerMessage], int and string, in a new scope of two values", ProviderCalls.Scoped);
    private static readonly (string Name, Action<ILogger, int> Call) _template = ("LogInformation, template of five values", ProviderCalls.Template);

    private readonly ProviderSides _sides = new(bench);

    public IEnumerable<Pair> All()
    {
        foreach (int threads in (int[])[1, 2])
        {
            foreach ((string Name, Action<ILogger, int> Call) call in ((string Name, Action<ILogger, int> Call)[])(threads == 1 ? [_texts, _numberAndText, _scoped, _template] : [_numberAndText, _template]))
            {
                yield return Bursts(call, threads, "ZLogger", _sides.ZLogger) with { Aim = _aim };
            }

            yield return Whole(_numberAndText, threads) with { Aim = _aim };
            yield return Whole(_template, threads) with { Aim = _aim };
            foreach ((string Name, Action<ILogger, int> Call) call in ((string Name, Action<ILogger, int> Call)[])[_numberAndText, _template])
            {
                yield return Bursts(call, threads, "NLog, async file", _sides.NLog);
                yield return Bursts(call, threads, "OpenTelemetry, batches to nowhere", ProviderSides.OpenTelemetry);
            }
        }

        yield return Bursts(_template, 1, "ZLogger, its own interpolated call", _sides.ZLogger, ProviderCalls.Interpolated);
        yield return Bursts(_template, 1, "a provider that does nothing", ProviderSides.Nothing);
    }

    private int BurstCount => bench.Scaled(12);

    private Pair Bursts((string Name, Action<ILogger, int> Call) call, int threads, string peer, Func<ProviderSide> open, Action<ILogger, int>? peersCall = null) =>
        new(Group, $"{call.Name}; {Threads(threads)}, in bursts", "ns/call", peer, () => OfJournal(side => Bursts(side, call.Call, threads)), () =>
        {
            using ProviderSide side = open();
            return Bursts(side, peersCall ?? call.Call, threads);
        });

    private Pair Whole((string Name, Action<ILogger, int> Call) call, int threads) =>
        new(Group, $"{call.Name}; {Threads(threads)}, until all outlives the process", "ns/call", "ZLogger", () => OfJournal(side => Whole(side, call.Call, threads, end: false)), () =>
        {
            using ProviderSide side = _sides.ZLogger();
            return Whole(side, call.Call, threads, end: true);
        });

    private static string Threads(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    private Figure OfJournal(Func<ProviderSide, Figure> log)
    {
        using Journal journal = Journal.Open(bench.Options());
        using ProviderSide side = ProviderSides.Journal(journal);
        return log(side);
    }

    /// <summary>Between bursts, unmeasured, everything gets to where it goes.</summary>
    private Figure Bursts(ProviderSide side, Action<ILogger, int> call, int threads)
    {
        ILogger logger = side.Logger;
        long calls = 0;
        Figure figure = Appenders.RunBursts(threads, BurstCount, BurstCalls, (_, number) => call(logger, (int)number), () => side.Settle(calls += BurstCalls));
        return figure with { Value = threads * 1e9 / figure.Value };
    }

    /// <summary>Calls without a pause. What a peer has still to write when the last one returned would be lost with the process, so its end is waited for.</summary>
    private Figure Whole(ProviderSide side, Action<ILogger, int> call, int threads, bool end)
    {
        ILogger logger = side.Logger;
        int perThread = BurstCalls * BurstCount / threads;
        Thread[] all = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < perThread; i++)
            {
                call(logger, i);
            }
        }))];
        long begun = Stopwatch.GetTimestamp();
        Array.ForEach(all, static thread => thread.Start());
        Array.ForEach(all, static thread => thread.Join());
        if (end)
        {
            side.Dispose();
        }

        double nanoseconds = Stopwatch.GetElapsedTime(begun).TotalNanoseconds;
        side.Settle((long)perThread * threads);
        return new Figure { Value = nanoseconds / perThread };
    }
}
