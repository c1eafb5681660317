using System.Text;
using Serilog;
using Serilog.Core;
using Sink.Core;

namespace Benchmarks;

/// <summary>Bytes allocated on the calling thread per call: counts, not times, and the same at every run.</summary>
internal static class Allocations
{
    private const int Calls = 100_000;

    public static void Run(string directory)
    {
        using (Journal journal = Journal.Open(Bench.Options(directory, "append")))
        {
            JournalStream stream = journal.GetStream("bench");
            byte[] payload = Encoding.UTF8.GetBytes(new string('x', 240));
            DateTimeOffset now = DateTimeOffset.UtcNow;
            Bench.Print("Append of 240 bytes, B allocated", $"{PerCall(() => stream.Append(now, payload)):F2}");
        }

        using Logger none = new LoggerConfiguration().WriteTo.Sink(new NullSink()).CreateLogger();
        using Journal serilog = Journal.Open(Bench.Options(directory, "serilog"));
        using Logger sink = new LoggerConfiguration().WriteTo.S3Journal(serilog, "bench").CreateLogger();
        double own = PerCall(() => Log(none));
        double all = PerCall(() => Log(sink));
        Bench.Print("Serilog event to a null sink, B allocated", $"{own:F2}");
        Bench.Print("Serilog event to S3Journal, B allocated", $"{all:F2}  ({all - own:F2} beyond the null sink's)");
    }

    private static void Log(Logger logger) =>
        logger.Information("Order {OrderId} of {Customer} shipped {Items} items for {Total} in {Elapsed}", 4711, "ACME", 3, 129.95m, TimeSpan.FromMilliseconds(12.5));

    private static double PerCall(Action call)
    {
        for (int i = 0; i < 20_000; i++)
        {
            call();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            call();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls;
    }
}
