using System.Diagnostics;
using System.Text;
using Sink.Core;

namespace Benchmarks;

/// <summary>Entries of 296 bytes on disk (a payload of 240 with header and name), appended by one and by two threads, until all are delivered.</summary>
internal static class AppendRate
{
    private const int Entries = 2_000_000;

    public static void Run(string directory)
    {
        foreach (int threads in (int[])[1, 2])
        {
            JournalOptions options = Bench.Options(directory, $"rate{threads}");
            options.MaxDiskBytes = 4L << 30;
            using Journal journal = Journal.Open(options);
            JournalStream stream = journal.GetStream("bench");
            Stopwatch watch = Stopwatch.StartNew();
            Thread[] appenders = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() => Append(stream, Entries / threads, thread)))];
            Array.ForEach(appenders, static thread => thread.Start());
            Array.ForEach(appenders, static thread => thread.Join());
            double appended = watch.Elapsed.TotalSeconds;
            journal.FlushAsync().Wait();
            double delivered = watch.Elapsed.TotalSeconds;
            JournalStats stats = journal.GetStats();
            Bench.Print($"Append by {threads} thread(s), entries/s", $"{Entries / appended:N0}  (all delivered to file://, zstd: {Entries / delivered:N0}/s; {stats.Dropped.Values.Sum():N0} dropped; longest wait {stats.LongestAppendWait.TotalMilliseconds:F1} ms)");
        }
    }

    private static void Append(JournalStream stream, int count, int seed)
    {
        Random random = new(seed);
        byte[][] payloads = new byte[1024][];
        for (int i = 0; i < payloads.Length; i++)
        {
            string text = $"{{\"@t\":\"2026-11-22T10:15:00.{random.Next(9999999):D7}Z\",\"@mt\":\"Order {{OrderId}} of {{Customer}} shipped {{Items}} items\",\"OrderId\":{random.Next()},\"Customer\":\"customer-{random.Next(1000)}\",\"Items\":{random.Next(9)},\"RequestId\":\"{Guid.NewGuid()}\"";
            payloads[i] = Encoding.UTF8.GetBytes(text.PadRight(239) + "}");
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        for (int i = 0; i < count; i++)
        {
            stream.Append(now, payloads[i & 1023]);
        }
    }
}
