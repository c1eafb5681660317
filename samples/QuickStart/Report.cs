using Sink.Core;

namespace QuickStart;

/// <summary>What the user sees.</summary>
internal static class Report
{
    public static void PrintHead(Arguments arguments, RunPlace place, string run)
    {
        Row("seed", $"{arguments.Seed} (--seed {arguments.Seed} logs the same events), run {run}");
        Row("bucket", place.Destination + (place.Endpoint is { } endpoint ? $" at {endpoint}" : ""));
        Row("journal", place.Journal);
        Console.WriteLine();
    }

    /// <returns>The exit code.</returns>
    public static int Print(Arguments arguments, RunPlace place, Delivered delivered, TimeSpan logging, TimeSpan flushing)
    {
        long missing = Enumerable.Range(0, arguments.Threads).Sum(thread => delivered.Missing(thread, arguments.EventsOf(thread)));
        bool isRight = missing == 0 && delivered.Doubled == 0 && delivered.OutOfOrder == 0 && delivered.Found == arguments.Events;

        Row("events", $"{arguments.Events:N0} from {arguments.Threads} threads");
        Row("logged in", $"{logging.TotalSeconds:0.00} s, {arguments.Events / logging.TotalSeconds:N0} events/s (all log calls of all threads, making the events included)");
        Row("flushed in", $"{flushing.TotalSeconds:0.00} s (then every event is in the bucket)");
        PrintObjects(delivered.Objects);
        Row("found", $"{delivered.Found:N0}, missing {missing:N0}, doubled {delivered.Doubled:N0}, out of order {delivered.OutOfOrder:N0}");
        Row("", isRight ? "every event is there exactly once, in order per thread" : "NOT every event is there exactly once, in order per thread");
        PrintCount(place, delivered);
        return isRight ? 0 : 1;
    }

    public static void PrintObjects(IReadOnlyList<JournalObject> objects)
    {
        long raw = objects.Sum(o => o.RawBytes);
        long stored = objects.Sum(o => o.Length);
        Row("bytes", $"{raw:N0} raw, {stored:N0} stored, ratio {(stored == 0 ? 0 : (double)raw / stored):0.0}");
        Row("objects", $"{objects.Count}");
        foreach (JournalObject found in objects)
        {
            Row("", $"{found.Key}  {found.Entries:N0} events, {found.Length:N0} bytes");
        }
    }

    /// <summary>How to count without any of our code.</summary>
    public static void PrintCount(RunPlace place, Delivered delivered)
    {
        if (delivered.OfEarlierRuns > 0 || delivered.InBucket > delivered.Found)
        {
            Row("", $"the bucket also holds {delivered.InBucket - delivered.Found:N0} events of earlier runs");
        }

        if (place.Folder is null)
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine($"The folder is kept. Count for yourself; this prints {delivered.InBucket}:");
        Console.WriteLine($"  find '{place.Folder}' -name '*.zst' -print0 | sort -z | xargs -0 zstd -dc | wc -l");
    }

    public static void Row(string name, string text) => Console.WriteLine($"{name,-14}{text}".TrimEnd());
}
