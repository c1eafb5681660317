using Benchmarks.Measuring;
using Benchmarks.Pairs;
using Benchmarks.Peers;
using Benchmarks.Results;
using Serilog;
using Serilog.Core;
using Sink.Core;

namespace Benchmarks.Counts;

/// <summary>The managed heap while events are logged and the store takes none of them, against the same burst into a sink that does nothing.</summary>
internal static class BurstHeap
{
    public static CountResult Count(Bench bench)
    {
        int events = bench.Scaled(1_000_000);
        long none = Peak(new LoggerConfiguration().WriteTo.Sink(new NullSink()).CreateLogger(), events);
        bench.Clear();
        using Journal journal = Journal.Open(bench.Options(bench.Unreachable()));
        long all = Peak(SerilogPairs.ToJournal(journal), events);
        Stored.Check(journal, events);
        return new CountResult($"MB of managed heap at the peak of a burst of {events:N0} events while the destination takes nothing, above the same burst into a sink that does nothing", (all - none) / 1e6, AtMost: 64, "all stored, none dropped");
    }

    private static long Peak(Logger logger, int events)
    {
        GC.Collect();
        long peak = 0;
        bool done = false;
        Thread watcher = new(() =>
        {
            while (!Volatile.Read(ref done))
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
                Thread.Sleep(2);
            }
        });
        watcher.Start();
        for (int i = 0; i < events; i++)
        {
            logger.Information("Order {OrderId} of {Customer} shipped {Items} items for {Total} in {Elapsed}", i, "ACME", i % 7, i * 1.25m, TimeSpan.FromMilliseconds(i % 1000));
        }

        Volatile.Write(ref done, true);
        watcher.Join();
        logger.Dispose();
        return peak;
    }
}
