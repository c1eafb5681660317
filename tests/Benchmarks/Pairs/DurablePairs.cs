using System.Diagnostics;
using Benchmarks.Measuring;
using Benchmarks.Peers;
using Sink.Core;

namespace Benchmarks.Pairs;

/// <summary>
/// Appends as fast as it goes for a fixed time, with a commit every 5 ms: entries by the time until the last of them is durable.
/// The journal packs, compresses and delivers in the same process meanwhile; the peers do nothing of the kind.
/// </summary>
internal sealed class DurablePairs(Bench bench)
{
    public const string Group = "durable";

    private static readonly TimeSpan _cadence = TimeSpan.FromMilliseconds(5);
    private static readonly Aim _againstFaster = new(AtLeast: 1.5);
    private static readonly Aim _againstSqlite = new(AtLeast: 10);

    public IEnumerable<Pair> All()
    {
        yield return new Pair(Group, "1 thread; the journal also compresses and delivers", "entries/s", "FasterLog", () => Ours(1, away: false), () => Faster(1)) { Aim = _againstFaster };
        yield return new Pair(Group, "2 threads; the journal also compresses and delivers", "entries/s", "FasterLog", () => Ours(2, away: false), () => Faster(2)) { Aim = _againstFaster };
        yield return new Pair(Group, "1 thread; the journal also compresses, its destination is away", "entries/s", "FasterLog", () => Ours(1, away: true), () => Faster(1)) { Aim = _againstFaster };
        yield return new Pair(Group, "1 thread; the journal's log alone", "entries/s", "FasterLog", () => LogAlone(1), () => Faster(1)) { Aim = _againstFaster };
        yield return new Pair(Group, "2 threads; the journal's log alone", "entries/s", "FasterLog", () => LogAlone(2), () => Faster(2)) { Aim = _againstFaster };
        yield return new Pair(Group, "1 thread; the journal also compresses and delivers", "entries/s", "SQLite", () => Ours(1, away: false), Sqlite) { Aim = _againstSqlite };
    }

    private Figure Ours(int threads, bool away)
    {
        byte[][] payloads = Entries.Make(1);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        JournalOptions options = bench.Options(away ? bench.Unreachable() : null);
        options.MaxBatchLatency = _cadence;
        using CommitCounter counter = new();
        using Journal journal = Journal.Open(options);
        JournalStream stream = journal.GetStream(Entries.Stream);
        long begun = Stopwatch.GetTimestamp();
        long entries = Appenders.RunFor(threads, bench.Duration, (_, number) => stream.Append(now, Entries.At(payloads, number)));
        stream.AppendDurable(now, payloads[0], TimeSpan.FromMinutes(1));
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        long commits = counter.Commits;
        Stored.Check(journal, entries + 1);
        return Rate(entries, commits, seconds);
    }

    private Figure LogAlone(int threads)
    {
        byte[][] payloads = Entries.Make(1);
        using BareLog log = new(bench.PathOf("log"), _cadence);
        long begun = Stopwatch.GetTimestamp();
        long entries = Appenders.RunFor(threads, bench.Duration, (_, number) => log.Append(Entries.At(payloads, number)));
        log.CommitAll();
        return Rate(entries, log.Commits, Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    private Figure Faster(int threads)
    {
        byte[][] payloads = Entries.Make(1);
        using FasterLogPeer peer = new(bench.PathOf("faster"), _cadence);
        long begun = Stopwatch.GetTimestamp();
        long entries = Appenders.RunFor(threads, bench.Duration, (_, number) => peer.Log.Enqueue(Entries.At(payloads, number)));
        peer.CommitAll();
        return Rate(entries, peer.Commits, Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    private Figure Sqlite()
    {
        byte[][] payloads = Entries.Make(1);
        using SqlitePeer peer = new(bench.PathOf("sqlite"));
        long begun = Stopwatch.GetTimestamp();
        long committed = begun;
        long entries = Appenders.RunFor(1, bench.Duration, (_, number) =>
        {
            peer.Insert(Entries.At(payloads, number));
            if (Stopwatch.GetElapsedTime(committed) >= _cadence)
            {
                peer.Commit();
                committed = Stopwatch.GetTimestamp();
            }
        });
        peer.Commit();
        return Rate(entries, peer.Commits, Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    private static Figure Rate(long entries, long commits, double seconds) => new() { Value = entries / seconds, CommitsPerSecond = commits / seconds };
}
