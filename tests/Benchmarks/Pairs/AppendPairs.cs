using Benchmarks.Measuring;
using Benchmarks.Peers;
using Sink.Core;

namespace Benchmarks.Pairs;

/// <summary>What an append costs its caller: bursts that the memory takes without waiting for the disk.</summary>
internal sealed class AppendPairs(Bench bench)
{
    public const string Group = "append";

    private const int BurstEntries = 40_000;

    public IEnumerable<Pair> All()
    {
        foreach (int threads in (int[])[1, 2])
        {
            yield return new Pair(Group, $"appends, {threads} thread{(threads > 1 ? "s" : "")}", "entries/s", "FasterLog", () => Ours(threads), () => Theirs(threads));
        }
    }

    private int Bursts => bench.Scaled(40);

    private Figure Ours(int threads)
    {
        byte[][] payloads = Entries.Make(1);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using Journal journal = Journal.Open(bench.Options());
        JournalStream stream = journal.GetStream(Entries.Stream);
        Figure figure = Appenders.RunBursts(
            threads,
            Bursts,
            BurstEntries,
            (_, number) => stream.Append(now, Entries.At(payloads, number)),
            () => stream.AppendDurable(now, payloads[0], TimeSpan.FromMinutes(1)));
        Stored.Check(journal, ((long)Bursts * BurstEntries) + Bursts);
        return figure;
    }

    private Figure Theirs(int threads)
    {
        byte[][] payloads = Entries.Make(1);
        using FasterLogPeer peer = new(bench.PathOf("faster"), cadence: TimeSpan.FromMilliseconds(200), checksums: false);
        return Appenders.RunBursts(
            threads,
            Bursts,
            BurstEntries,
            (_, number) => peer.Log.Enqueue(Entries.At(payloads, number)),
            () => peer.Log.Commit(spinWait: true));
    }
}
