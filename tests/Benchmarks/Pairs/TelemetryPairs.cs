using System.Diagnostics;
using Benchmarks.Measuring;
using OpenTelemetry.Exporter;

namespace Benchmarks.Pairs;

/// <summary>
/// Log records and spans through OpenTelemetry's SDK: nanoseconds that a record takes its thread. When our call returns the record is encoded and in a place that outlives the process.
/// </summary>
internal sealed class TelemetryPairs(Bench bench)
{
    public const string Group = "otel";

    private const int BurstCalls = 20_000;

    private static readonly Aim _aim = new(AtMost: 1.5);

    public IEnumerable<Pair> All()
    {
        foreach (int threads in (int[])[1, 2])
        {
            foreach (OtlpEncoding encoding in Enum.GetValues<OtlpEncoding>())
            {
                yield return Bursts($"log records, {encoding}", threads, "batches to nowhere", () => TelemetrySides.LogsToJournal(bench, encoding), TelemetrySides.LogsToNowhere) with { Aim = _aim };
                yield return Bursts($"spans, {encoding}", threads, "batches to nowhere", () => TelemetrySides.SpansToJournal(bench, encoding), TelemetrySides.SpansToNowhere);
            }

            yield return Whole("log records, Protobuf", threads, () => TelemetrySides.LogsToJournal(bench, OtlpEncoding.Protobuf), TelemetrySides.LogsByOtlp);
            yield return Whole("spans, Protobuf", threads, () => TelemetrySides.SpansToJournal(bench, OtlpEncoding.Protobuf), TelemetrySides.SpansByOtlp);
        }
    }

    private int BurstCount => bench.Scaled(12);

    private static string Threads(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    private Pair Bursts(string what, int threads, string peer, Func<TelemetrySide> ours, Func<TelemetrySide> theirs) =>
        new(Group, $"{what}; {Threads(threads)}, in bursts", "ns/call", peer, () => Bursts(ours, threads), () => Bursts(theirs, threads));

    private Pair Whole(string what, int threads, Func<TelemetrySide> ours, Func<TelemetrySide> theirs) =>
        new(Group, $"{what}; {Threads(threads)}, until all outlives the process, or is sent", "ns/call", "OTLP exporter, batches over HTTP to nowhere", () => Whole(ours, threads, waits: false), () => Whole(theirs, threads, waits: true));

    /// <summary>Between bursts, unmeasured, everything gets to where it goes.</summary>
    private Figure Bursts(Func<TelemetrySide> open, int threads)
    {
        using TelemetrySide side = open();
        long calls = 0;
        WarmUp();
        Figure figure = Appenders.RunBursts(threads, BurstCount, BurstCalls, (_, number) => side.Call((int)number), () => side.Settle(calls += BurstCalls));
        return figure with { Value = threads * 1e9 / figure.Value };

        // Beside it the runtime compiles anew what is called often: not in what is measured.
        void WarmUp() => Appenders.RunBursts(1, bench.Scaled(4), BurstCalls, (_, number) => side.Call((int)number), () => side.Settle(calls += BurstCalls));
    }

    /// <summary>Calls without a pause, and for the peer the flush behind them.</summary>
    private Figure Whole(Func<TelemetrySide> open, int threads, bool waits)
    {
        using TelemetrySide side = open();
        int perThread = BurstCalls * BurstCount / threads;
        Thread[] all = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < perThread; i++)
            {
                side.Call(i);
            }
        }))];
        long records = (long)perThread * threads;
        long begun = Stopwatch.GetTimestamp();
        Array.ForEach(all, static thread => thread.Start());
        Array.ForEach(all, static thread => thread.Join());
        if (waits)
        {
            side.Settle(records);
        }

        double nanoseconds = Stopwatch.GetElapsedTime(begun).TotalNanoseconds;
        side.Settle(records);
        return new Figure { Value = nanoseconds / perThread };
    }
}
