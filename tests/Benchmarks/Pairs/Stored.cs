using Sink.Core;

namespace Benchmarks.Pairs;

/// <summary>A figure counts only when nothing was dropped.</summary>
internal static class Stored
{
    public static void Check(Journal journal, long entries)
    {
        JournalStats stats = journal.GetStats();
        if (stats.Enqueued != entries || stats.Dropped.Values.Sum() != 0)
        {
            throw new InvalidOperationException($"Of {entries} entries {stats.Enqueued} were stored; dropped: {string.Join(", ", stats.Dropped)}; {stats.LastError}");
        }
    }
}
