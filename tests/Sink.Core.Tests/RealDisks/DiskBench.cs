using S3Journal.Proofs;
using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.RealDisks;

/// <summary>A journal on a small volume of its own, with a count of what every append answered.</summary>
internal sealed class DiskBench : IDisposable
{
    private readonly Dictionary<AppendResult, List<int>> _answers = [];
    private int _next;

    /// <param name="options">Of the tmpfs.</param>
    public DiskBench(string options)
    {
        Volume = MountedVolume.Tmpfs(options);
    }

    public MountedVolume Volume { get; }

    public JournalBench Bench { get; } = new();

    public int Received => _next;

    /// <summary>The lane's directory.</summary>
    public string Lane => Path.Join(Volume.Path, "journal", "0");

    public Journal Open(Action<JournalOptions>? change = null) => Bench.Open(o =>
    {
        o.LocalDirectory = Path.Join(Volume.Path, "journal");
        o.OpenDirectory = path => new HookedDirectory(DiskDirectory.OpenPath(path), call => Bench.BeforeCall?.Invoke(call));
        o.RingBytes = 256 << 10;
        o.SegmentBytes = 64 << 10;
        o.MaxObjectBytes = 4 << 10;
        o.MaxObjectAge = TimeSpan.FromMilliseconds(10);
        o.MaxBlockTime = TimeSpan.FromMilliseconds(1);
        o.StallAfter = TimeSpan.FromSeconds(30);
        change?.Invoke(o);
    });

    public AppendResult Append(Journal journal)
    {
        int n = _next++;
        AppendResult result = JournalBench.Append(journal, n, "orders/" + (n % 4), length: 2000);
        (_answers.TryGetValue(result, out List<int>? list) ? list : _answers[result] = []).Add(n);
        return result;
    }

    public IReadOnlyList<int> Answered(AppendResult result) => _answers.GetValueOrDefault(result) ?? [];

    /// <summary>Everything but the header, whose counters move.</summary>
    public byte[] RingFrames()
    {
        using FileStream ring = new(Path.Join(Lane, "ring"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[ring.Length];
        ring.ReadExactly(bytes);
        return bytes[Log.RingHeader.Bytes..];
    }

    /// <summary>Others fill the volume again and again, until the log takes no more: the packer's ballast goes first.</summary>
    public void FillUntilRefused(Journal journal, long leave = 0) => JournalBench.Until(() =>
    {
        Volume.Empty();
        Volume.Fill(leave);
        return Append(journal) == AppendResult.Dropped;
    });

    public void UntilThereIsBallast() => JournalBench.Until(() => new FileInfo(Path.Join(Lane, Ballast.FileName)) is { Exists: true, Length: Ballast.Bytes });

    /// <summary>Received is stored and dropped, and stored is delivered and given up; each once, and in order.</summary>
    public void AssertTheSumsAddUp(JournalStats stats)
    {
        long refused = stats.Dropped.GetValueOrDefault(DropCause.DiskFull) + stats.Dropped.GetValueOrDefault(DropCause.Stalled);
        long givenUp = stats.Dropped.GetValueOrDefault(DropCause.GivenUp);
        Assert.Equal(Answered(AppendResult.Stored).Count, stats.Enqueued);
        Assert.Equal(Answered(AppendResult.Dropped).Count, refused);
        Assert.Equal(Received, stats.Enqueued + refused);
        Assert.Equal(0, stats.BacklogEntries);
        Assert.Equal(stats.Enqueued, stats.Uploaded + givenUp);
        Assert.Equal(stats.Uploaded, Bench.Store.Entries.Count);
        foreach (IGrouping<string, StoredBytes> stream in Bench.Store.Objects.OrderBy(o => o.Document.Ordinal).GroupBy(o => o.Document.Stream))
        {
            int[] numbers = [.. stream.SelectMany(o => o.Lines).Select(NumberOf)];
            Assert.Equal(numbers.Order().Distinct(), numbers);
            Assert.Subset(Answered(AppendResult.Stored).ToHashSet(), numbers.ToHashSet());
        }
    }

    public void Dispose() => Volume.Dispose();

    private static int NumberOf(string line) => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("n").GetInt32();
}
