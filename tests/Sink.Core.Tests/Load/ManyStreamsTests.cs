using S3Journal.Proofs;
using Sink.Core.Lanes;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Load;

/// <summary>20,000 streams with one entry each per second: what they cost in syncs, descriptors, memory and objects.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ManyStreamsTests : IDisposable
{
    private const int Streams = 20_000;
    private const int EntryBytes = 80;

    /// <summary>64 files that wait for a sync, and those of the log, the lock, the checkpoint and one being looked at.</summary>
    private const int MostDescriptors = 64 + 16;

    private readonly DiskWatch _disk = new();
    private readonly JournalBench _bench = new();
    private readonly WallClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _disk.Dispose();

    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public async Task SyncsGoByTheBytesAndNotByTheStreams()
    {
        int seconds = (int)LongForm.Count(4, 60);
        using Journal journal = Open(static o => o.MaxStreams = Streams);
        JournalStream[] streams = [.. Enumerable.Range(0, Streams).Select(i => journal.GetStream($"users/{i}"))];
        Lane lane = TheLane;
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        _disk.Reset();
        for (int second = 0; second < seconds; second++)
        {
            Append(streams, second);
            _clock.Step(TimeSpan.FromSeconds(1));
            JournalBench.Until(() => !lane.IsBehind);
        }

        long bytes = lane.Log.Head;
        long perObject = (GC.GetTotalMemory(forceFullCollection: true) - heap) / Streams;
        long packing = _disk.AllSyncs;
        Assert.Equal(Streams, journal.GetStats().Queue.OpenObjects);
        Assert.Equal(0, _disk.Syncs(SyncSite.Sidecar));

        // Buffers share 16 MiB, and the fullest go first: half a KiB each in the worst case. While they have room, no file is written.
        Assert.InRange(_disk.Syncs(SyncSite.StagedObject), 0, seconds * Streams * (EntryBytes + 10L) / 512);
        Assert.InRange(packing - _disk.Syncs(SyncSite.StagedObject), 1, (seconds * 30L) + (bytes / (1 << 20)));
        Assert.InRange(perObject, 0, 4096);

        _disk.LookAtDescriptors();
        await journal.FlushAsync().WaitAsync(TimeSpan.FromMinutes(5));
        Assert.InRange(_disk.MostDescriptors, 1, MostDescriptors);
        AssertEach(seconds);
        Figures.Report(
            "many streams",
            ("streams", Streams),
            ("entries", seconds * Streams),
            ("log bytes", bytes),
            ("syncs while packing", packing),
            ("of staged files", _disk.Syncs(SyncSite.StagedObject)),
            ("syncs with the seal of all", _disk.AllSyncs),
            ("descriptors at most", _disk.MostDescriptors),
            ("heap per open object", perObject));
    }

    // The names beyond share one stream, and with it an object.
    [Fact]
    public async Task AtTheDefaultLimitsNothingIsSealedBeforeItsTime()
    {
        using Journal journal = Open(static _ => { });
        JournalStream[] streams = [.. Enumerable.Range(0, Streams).Select(i => journal.GetStream($"users/{i}"))];
        Lane lane = TheLane;
        for (int second = 0; second < 2; second++)
        {
            Append(streams, second);
            JournalBench.Until(() => !lane.IsBehind);
        }

        Assert.Equal(0, _disk.Syncs(SyncSite.Sidecar));
        await journal.FlushAsync().WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(10_001, _bench.Store.Objects.Count);
        Assert.Equal(2 * Streams, _bench.Store.Objects.Sum(static o => o.Document.Entries));
        Assert.Equal(2 * 10_000, _bench.Store.Objects.Single(static o => o.Document.Stream == "_overflow").Document.Entries);
    }

    // What the limit is for: memory. The price is an object, with two syncs, for each entry of a stream that had to make room.
    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public async Task WithRoomForFewEachEntryIsAnObjectAndNoneIsLost()
    {
        int streams = (int)LongForm.Count(4_000, Streams);
        using Journal journal = Open(o =>
        {
            o.MaxStreams = Streams;
            o.MaxOpenObjects = streams / 20;
        });
        JournalStream[] all = [.. Enumerable.Range(0, streams).Select(i => journal.GetStream($"users/{i}"))];
        Lane lane = TheLane;
        _disk.Reset();
        for (int second = 0; second < 2; second++)
        {
            Append(all, second);
            if (!SpinWait.SpinUntil(() => !lane.IsBehind, TimeSpan.FromMinutes(5)))
            {
                throw new TimeoutException("Packing did not come to the end.");
            }
        }

        await journal.FlushAsync().WaitAsync(TimeSpan.FromMinutes(5));
        int objects = _bench.Store.Objects.Count;
        Assert.InRange(objects, streams, 2 * streams);
        Assert.InRange(_disk.AllSyncs, 2L * objects, (2L * objects) + (objects / 5) + 200);
        Assert.InRange(_disk.MostDescriptors, 1, MostDescriptors);
        Assert.Equal(2L * streams, _bench.Store.Objects.Sum(static o => o.Document.Entries));
        Figures.Report("more streams than open objects", ("streams", streams), ("open objects", streams / 20), ("entries", 2 * streams), ("objects", objects), ("syncs", _disk.AllSyncs), ("descriptors at most", _disk.MostDescriptors));
    }

    private Lane TheLane => JournalRegistry.All().Single(core => core.Settings.LocalDirectory.Path == _disk.Path).Host.Lane;

    private Journal Open(Action<JournalOptions> change) => _bench.Open(o =>
    {
        o.LocalDirectory = _disk.Path;
        o.OpenDirectory = _disk.Open;
        o.UseTimeProvider(_clock);
        o.RingBytes = 16 << 20;
        o.SegmentBytes = 64 << 20;
        o.MaxBatchLatency = TimeSpan.FromMilliseconds(200);
        change(o);
    });

    private void Append(JournalStream[] streams, int n)
    {
        byte[] entry = JournalBench.Entry(n, EntryBytes);
        foreach (JournalStream stream in streams)
        {
            Assert.Equal(AppendResult.Stored, stream.Append(_clock.GetUtcNow(), entry));
        }
    }

    /// <summary>An object for each stream, with one entry for each second, in order.</summary>
    private void AssertEach(int seconds)
    {
        string[] lines = [.. Enumerable.Range(0, seconds).Select(n => System.Text.Encoding.UTF8.GetString(JournalBench.Entry(n, EntryBytes)))];
        IReadOnlyList<StoredBytes> objects = _bench.Store.Objects;
        Assert.Equal(Streams, objects.Select(static o => o.Document.Stream).Distinct().Count());
        Assert.Equal(Streams, objects.Count);
        Assert.All(objects, o => Assert.Equal(lines, o.Lines));
    }
}
