using System.Diagnostics;
using Benchmarks.Measuring;
using Benchmarks.Peers;
using Sink.Core;

namespace Benchmarks.Pairs;

/// <summary>
/// Raw megabytes per second from the first append until all is delivered to a <c>file://</c> directory, against one thread that
/// only compresses the same text, in memory, in frames of the same size.
/// </summary>
internal sealed class EndToEndPairs(Bench bench)
{
    public const string Group = "end-to-end";

    public IEnumerable<Pair> All()
    {
        yield return new Pair(Group, "append, commit, compress and deliver to file://, 1 thread", "MB/s", "zstd alone, 1 thread", Ours, Theirs) { Aim = new Aim(AtLeast: 0.7) };
    }

    private int Rounds => bench.Scaled(64);

    private Figure Ours()
    {
        byte[][] lines = RealEvents.Instance.Lines;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using Journal journal = Journal.Open(bench.Options());
        JournalStream stream = journal.GetStream(Entries.Stream);
        long begun = Stopwatch.GetTimestamp();
        for (int round = 0; round < Rounds; round++)
        {
            foreach (byte[] line in lines)
            {
                stream.Append(now, line);
            }
        }

        journal.FlushAsync().Wait();
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Stored.Check(journal, (long)Rounds * lines.Length);
        return new Figure { Value = RealEvents.Instance.BytesOf(Rounds) / seconds / 1e6 };
    }

    private Figure Theirs()
    {
        List<byte[]> text = RealEvents.Instance.Text(BareCompressor.FrameBytes);
        using BareCompressor compressor = new();
        long begun = Stopwatch.GetTimestamp();
        for (int round = 0; round < Rounds; round++)
        {
            foreach (byte[] piece in text)
            {
                compressor.Compress(piece);
            }
        }

        return new Figure { Value = RealEvents.Instance.BytesOf(Rounds) / Stopwatch.GetElapsedTime(begun).TotalSeconds / 1e6 };
    }
}
