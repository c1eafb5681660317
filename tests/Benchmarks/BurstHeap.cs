using Serilog;
using Serilog.Core;
using Sink.Core;

namespace Benchmarks;

/// <summary>The managed heap while a million events are logged and the store takes none of them, against the same burst into a null sink.</summary>
internal static class BurstHeap
{
    private const int Events = 1_000_000;

    public static void Run(string directory)
    {
        long none = Peak(new LoggerConfiguration().WriteTo.Sink(new NullSink()).CreateLogger());

        // A destination below a regular file: every put fails, and the backlog stays.
        Directory.CreateDirectory(directory);
        string blocker = Path.Join(directory, "blocker");
        File.WriteAllText(blocker, "");
        JournalOptions options = Bench.Options(directory, "heap");
        options.Destination = new Uri(Path.Join(blocker, "bucket")).AbsoluteUri;
        options.ShutdownTimeout = TimeSpan.Zero;
        Journal journal = Journal.Open(options);
        long all = Peak(new LoggerConfiguration().WriteTo.S3Journal(journal, "bench").CreateLogger());
        JournalStats stats = journal.GetStats();
        journal.Dispose();
        Bench.Print("Peak heap of a 1,000,000-event burst into a null sink, MB", $"{none / 1e6:F1}");
        Bench.Print("the same into S3Journal with delivery blocked, MB", $"{all / 1e6:F1}  ({(all - none) / 1e6:F1} above; {stats.Enqueued:N0} stored, {stats.Dropped.Values.Sum():N0} dropped, {stats.BacklogEntries:N0} waiting)");
    }

    private static long Peak(Logger logger)
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
        for (int i = 0; i < Events; i++)
        {
            logger.Information("Order {OrderId} of {Customer} shipped {Items} items for {Total} in {Elapsed}", i, "ACME", i % 7, i * 1.25m, TimeSpan.FromMilliseconds(i % 1000));
        }

        Volatile.Write(ref done, true);
        watcher.Join();
        logger.Dispose();
        return peak;
    }
}
