using System.Diagnostics;
using Benchmarks.Measuring;
using Benchmarks.Peers;
using Sink.Core;

namespace Benchmarks.Pairs;

/// <summary>Waiters that each append one entry and await that it is durable, again and again: such appends per second, of all together.</summary>
internal sealed class AwaitedPairs(Bench bench)
{
    public const string Group = "awaited";

    public IEnumerable<Pair> All()
    {
        foreach (int waiters in (int[])[1, 8, 64])
        {
            string what = $"{waiters} waiter{(waiters > 1 ? "s" : "")}";
            yield return new Pair(Group, what, "commits/s", "FasterLog", () => Ours(waiters), () => Faster(waiters)) { Aim = new Aim(AtLeast: 1.5) };
            yield return new Pair(Group, what, "commits/s", "SQLite", () => Ours(waiters), () => Sqlite(waiters)) { Aim = new Aim(AtLeast: 10) };
        }
    }

    private Figure Ours(int waiters)
    {
        byte[][] payloads = Entries.Make(1);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using CommitCounter counter = new();
        using Journal journal = Journal.Open(bench.Options());
        JournalStream stream = journal.GetStream(Entries.Stream);
        return Run(waiters, number => stream.AppendDurableAsync(now, Entries.At(payloads, number)), () => counter.Commits);
    }

    private Figure Faster(int waiters)
    {
        byte[][] payloads = Entries.Make(1);
        using FasterLogPeer peer = new(bench.PathOf("faster"), cadence: null);
        return Run(waiters, number => peer.AppendDurableAsync(Entries.At(payloads, number)), () => peer.Commits);
    }

    private Figure Sqlite(int waiters)
    {
        byte[][] payloads = Entries.Make(1);
        using SqlitePeer peer = new(bench.PathOf("sqlite"));
        Thread writer = new(peer.Write);
        writer.Start();
        Figure figure = Run(waiters, number => peer.AppendDurableAsync(Entries.At(payloads, number)), () => peer.Commits);
        peer.Complete();
        writer.Join();
        return figure;
    }

    private Figure Run(int waiters, Func<long, Task> append, Func<long> commits)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Task<long>[] all = [.. Enumerable.Range(0, waiters).Select(_ => Task.Run(Wait))];
        Task.WaitAll(all);
        double seconds = watch.Elapsed.TotalSeconds;
        return new Figure { Value = all.Sum(static task => task.Result) / seconds, CommitsPerSecond = commits() / seconds };

        async Task<long> Wait()
        {
            long awaited = 0;
            while (watch.Elapsed < bench.Duration)
            {
                await append(awaited).ConfigureAwait(false);
                awaited++;
            }

            return awaited;
        }
    }
}
