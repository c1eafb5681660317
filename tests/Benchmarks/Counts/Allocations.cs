using System.Text;
using Benchmarks.Measuring;
using Benchmarks.Pairs;
using Benchmarks.Peers;
using Benchmarks.Results;
using Serilog;
using Serilog.Core;
using Sink.Core;

namespace Benchmarks.Counts;

/// <summary>Bytes allocated on the calling thread per call: the same at every run.</summary>
internal static class Allocations
{
    // As many as the ring holds with room to spare: an append that must wait for room allocates for its wait.
    private const int Burst = 20_000;
    private const int Bursts = 5;
    private const int Calls = Burst * Bursts;

    public static IEnumerable<CountResult> Count(Bench bench)
    {
        bench.Clear();
        using (Journal journal = Journal.Open(bench.Options()))
        {
            JournalStream stream = journal.GetStream(Entries.Stream);
            byte[] payload = Encoding.UTF8.GetBytes(new string('x', Entries.PayloadBytes));
            DateTimeOffset now = DateTimeOffset.UtcNow;
            yield return new CountResult($"bytes allocated by one `Append`, over {Calls:N0}", PerCall(() => stream.Append(now, payload), () => stream.AppendDurable(now, payload, TimeSpan.FromMinutes(1))), AtMost: 0);
        }

        bench.Clear();
        using Logger none = new LoggerConfiguration().WriteTo.Sink(new NullSink()).CreateLogger();
        using Journal sunk = Journal.Open(bench.Options());
        using Logger sink = SerilogPairs.ToJournal(sunk);
        JournalStream settled = sunk.GetStream(Entries.Stream);
        double own = PerCall(() => Log(none), static () => { });
        double beyond = PerCall(() => Log(sink), () => settled.AppendDurable(DateTimeOffset.UtcNow, "{}"u8, TimeSpan.FromMinutes(1))) - own;
        yield return new CountResult($"bytes allocated by one event through the Serilog sink, beyond what Serilog allocates for it, over {Calls:N0}", beyond, AtMost: 64, $"Serilog alone: {own:F0} for an event of five properties");
    }

    private static void Log(Logger logger) =>
        logger.Information("Order {OrderId} of {Customer} shipped {Items} items for {Total} in {Elapsed}", 4711, "ACME", 3, 129.95m, TimeSpan.FromMilliseconds(12.5));

    /// <param name="call">What is counted.</param>
    /// <param name="settle">Waits, uncounted, until the ring is empty again.</param>
    private static double PerCall(Action call, Action settle)
    {
        long allocated = 0;
        for (int burst = -1; burst < Bursts; burst++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Burst; i++)
            {
                call();
            }

            // The first one warms up.
            allocated += burst < 0 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            settle();
        }

        return allocated / (double)Calls;
    }
}
