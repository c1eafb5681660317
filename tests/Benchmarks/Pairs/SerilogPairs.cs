using System.Diagnostics;
using Benchmarks.Measuring;
using Benchmarks.Peers;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Sink.Core;

namespace Benchmarks.Pairs;

/// <summary>
/// Nanoseconds of the logging thread per event. The file sink writes Compact Log Event Format with its buffer on, and never
/// syncs; ours has the event in a place that outlives the process when the call returns, and syncs each 200 ms.
/// </summary>
internal sealed class SerilogPairs(Bench bench)
{
    public const string Group = "serilog";

    private static readonly Aim _half = new(AtMost: 0.5);

    public IEnumerable<Pair> All()
    {
        const string ready = "a ready-made event through the sink, events of a web shop";
        const string call = "a whole log call of five properties, without a pause";
        yield return new Pair(Group, $"{ready}, in bursts that the ring holds", "ns/event", "Serilog.Sinks.File", OursInBursts, TheirsInBursts) { Aim = _half };
        yield return new Pair(Group, $"{ready}, without a pause", "ns/event", "Serilog.Sinks.File", () => Ours(Ready), () => Theirs(Ready)) { Aim = _half };
        yield return new Pair(Group, call, "ns/event", "Serilog.Sinks.File", () => Ours(Call), () => Theirs(Call)) { Aim = _half };
        yield return new Pair(Group, call, "ns/event", "a sink that does nothing", () => Ours(Call), () => Nothing(Call));
        if (ThreadTime.IsThere)
        {
            yield return new Pair(Group, $"{ready}: its thread's CPU time", "CPU ns/event", "Serilog.Sinks.File", () => Ours(ReadyCpu), () => Theirs(ReadyCpu));
            yield return new Pair(Group, $"{call}: its thread's CPU time", "CPU ns/event", "Serilog.Sinks.File", () => Ours(CallCpu), () => Theirs(CallCpu));
        }
    }

    public static Logger ToFile(string path) => new LoggerConfiguration().MinimumLevel.Verbose()
        .WriteTo.File(new CompactJsonFormatter(), path, buffered: true, fileSizeLimitBytes: null)
        .CreateLogger();

    public static Logger ToJournal(Journal journal) => new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.S3Journal(journal, Entries.Stream).CreateLogger();

    private Figure Ours(Func<Logger, Figure> log)
    {
        using Journal journal = Journal.Open(bench.Options());
        using Logger logger = ToJournal(journal);
        Figure figure = log(logger);
        Stored.Check(journal, Events);
        return figure;
    }

    private Figure Theirs(Func<Logger, Figure> log)
    {
        using Logger logger = ToFile(bench.PathOf("log.clef"));
        return log(logger);
    }

    private Figure OursInBursts()
    {
        using Journal journal = Journal.Open(bench.Options());
        using Logger logger = ToJournal(journal);
        JournalStream stream = journal.GetStream(Entries.Stream);
        return ReadyInBursts(logger, () => stream.AppendDurable(DateTimeOffset.UtcNow, "{}"u8, TimeSpan.FromMinutes(1)));
    }

    private Figure TheirsInBursts()
    {
        using Logger logger = ToFile(bench.PathOf("log.clef"));
        return ReadyInBursts(logger, static () => { });
    }

    private static Figure Nothing(Func<Logger, Figure> log)
    {
        using Logger logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new NullSink()).CreateLogger();
        return log(logger);
    }

    private int Events => bench.Scaled(400_000);

    private static double Elapsed() => Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency);

    private Figure Ready(Logger logger) => Ready(logger, Elapsed);

    private Figure ReadyCpu(Logger logger) => Ready(logger, static () => ThreadTime.Nanoseconds);

    private Figure Call(Logger logger) => Call(logger, Elapsed);

    private Figure CallCpu(Logger logger) => Call(logger, static () => ThreadTime.Nanoseconds);

    private Figure Ready(Logger logger, Func<double> clock)
    {
        LogEvent[] events = RealEvents.Instance.Events;
        return Measure(i => logger.Write(events[i % events.Length]), clock);
    }

    private Figure Call(Logger logger, Func<double> clock) =>
        Measure(i => logger.Information("Order {OrderId} of {Customer} shipped {Items} items for {Total} in {Elapsed}", i, "ACME", i % 7, i * 1.25m, TimeSpan.FromMilliseconds(i % 1000)), clock);

    /// <summary>All events as one burst, 10 MB; between bursts, unmeasured, the ring empties.</summary>
    private Figure ReadyInBursts(Logger logger, Action settle)
    {
        LogEvent[] events = RealEvents.Instance.Events;
        int bursts = Events / events.Length;
        double nanoseconds = 0;
        for (int burst = 0; burst < bursts; burst++)
        {
            double begun = Elapsed();
            foreach (LogEvent logEvent in events)
            {
                logger.Write(logEvent);
            }

            nanoseconds += Elapsed() - begun;
            settle();
        }

        return new Figure { Value = nanoseconds / (bursts * events.Length) };
    }

    private Figure Measure(Action<int> log, Func<double> clock)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        double begun = clock();
        for (int i = 0; i < Events; i++)
        {
            log(i);
        }

        double nanoseconds = clock() - begun;
        return new Figure { Value = nanoseconds / Events, Allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)Events };
    }
}
