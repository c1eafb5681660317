using Microsoft.Extensions.Time.Testing;
using Sink.Core.Lanes;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Journals;

public sealed class LaneOwnershipTests : IDisposable
{
    private readonly JournalBench _bench = new();
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("s3journal-");

    [Fact]
    public async Task BesideAForeignOwnerTheNextLaneIsTakenAndNoKeyIsShared()
    {
        string lane0 = Path.Combine(Local, "0");
        Directory.CreateDirectory(lane0);
        using (DiskLock.TryTake(Path.Combine(lane0, "lock")))
        {
            using Journal journal = Journal.Open(OnDisk());
            Assert.Equal(1, journal.GetStats().Lane);
            JournalBench.Append(journal, 1);
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        using (Journal journal = Journal.Open(OnDisk()))
        {
            Assert.Equal(0, journal.GetStats().Lane);
            JournalBench.Append(journal, 2);
        }

        Assert.Equal(2, Stored().Length);
    }

    [Fact]
    public void ExclusiveNamesTheOwner()
    {
        string lane0 = Path.Combine(Local, "0");
        Directory.CreateDirectory(lane0);
        File.WriteAllText(Path.Combine(lane0, "owner"), "process 4711 (shop) on web01");
        using IDisposable? foreign = DiskLock.TryTake(Path.Combine(lane0, "lock"));
        JournalException refused = Assert.Throws<JournalException>(() => Journal.Open(OnDisk(o => o.Exclusive = true)));
        Assert.Contains("process 4711 (shop) on web01", refused.Message);
        Assert.False(refused.IsConfiguration);
    }

    [Fact]
    public void WhoOpensALaneIsNamedInIt()
    {
        using Journal journal = Journal.Open(OnDisk());
        Assert.Contains($"process {Environment.ProcessId} ", File.ReadAllText(Path.Combine(Local, "0", "owner")));
    }

    [Fact]
    public void ALaneOfANewerVersionIsLeftAlone()
    {
        string lane0 = Path.Combine(Local, "0");
        Directory.CreateDirectory(lane0);
        byte[] newer = RecordFile.Write("S3JLANE1"u8, LaneIdentity.FormatVersion + 1, static writer => writer.Write(Guid.NewGuid().ToByteArray()));
        File.WriteAllBytes(Path.Combine(lane0, LaneIdentity.FileName), newer);
        File.WriteAllText(Path.Combine(lane0, "what-comes-later"), "kept");
        using (Journal journal = Journal.Open(OnDisk()))
        {
            Assert.Equal(1, journal.GetStats().Lane);
        }

        Assert.Equal(newer, File.ReadAllBytes(Path.Combine(lane0, LaneIdentity.FileName)));
        Assert.Equal(["identity", "lock", "what-comes-later"], Directory.GetFiles(lane0).Select(f => Path.GetFileName(f)!).Order());
    }

    [Fact]
    public void ADeadOwnersLaneIsDeliveredByTheNextOpen()
    {
        LeaveLaneOne(entries: 3);
        using Journal journal = _bench.Open();
        Assert.Equal(0, journal.GetStats().Lane);
        JournalBench.Until(() => _bench.Store.Entries.Count == 3);
        Assert.All(_bench.Store.Objects, o => Assert.Equal(1, o.Document.Lane));
    }

    [Fact]
    public void ADeadOwnersLaneIsDeliveredByARunningNeighbourAfterAMinute()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        using Journal journal = _bench.Open(o => o.UseTimeProvider(time));

        // The first look of the neighbour is over when it waits for the next.
        LeaveLaneOne(entries: 3);
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(61));
            return _bench.Store.Entries.Count == 3;
        });
        JournalBench.Until(() => IsFree(1));
        Assert.Empty(_bench.Failures);
    }

    [Fact]
    public void ADeliveredLaneIsNotTakenAgainAndAgain()
    {
        LeaveLaneOne(entries: 1);
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        using Journal journal = _bench.Open(o => o.UseTimeProvider(time));
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return _bench.Store.Entries.Count == 1;
        });
        JournalBench.Until(() => IsFree(1));

        int looks = 0;
        int creates = 0;
        string lane = $"{OpenRoot().Path}/1";
        _bench.BeforeCall = call =>
        {
            if (call.Directory == lane)
            {
                Interlocked.Add(ref looks, call.Kind == DiskCallKind.List ? 1 : 0);
                Interlocked.Add(ref creates, call.Kind is DiskCallKind.Create or DiskCallKind.TryLock ? 1 : 0);
            }
        };
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(61));
            return Volatile.Read(ref looks) >= 5;
        });
        Assert.Equal(0, creates);
    }

    [Fact]
    public void ANeighbourThatCannotLookLooksAgain()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        using Journal journal = _bench.Open(o => o.UseTimeProvider(time));
        _bench.BeforeCall = static call =>
        {
            if (call.Kind == DiskCallKind.List)
            {
                throw new IOException("the directory fails");
            }
        };
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(61));
            return _bench.Failures.Any(f => f.Message.Contains("the directory fails"));
        });
        for (int i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(61));
        }

        _bench.BeforeCall = null;
        LeaveLaneOne(entries: 1);
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(61));
            return _bench.Store.Entries.Count == 1;
        });
        journal.Dispose();
        Assert.Single(_bench.Failures);
    }

    [Fact]
    public void AnOpenThatFailsLeavesTheLockFree()
    {
        _bench.Disk.Fault = static call => call.Kind == DiskCallKind.Create && call.Name.StartsWith("ring", StringComparison.Ordinal) ? new IOException("no ring") : null;
        Assert.False(Assert.Throws<JournalException>(() => _bench.Open()).IsConfiguration);
        _bench.Disk.Fault = static call => call.Kind == DiskCallKind.Open && call.Name == "identity" ? new IOException("no identity") : null;
        Assert.Throws<JournalException>(() => _bench.Open());
        _bench.Disk.Fault = null;
        using Journal journal = _bench.Open();
        Assert.Equal(0, journal.GetStats().Lane);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private string Local => Path.Combine(_root.FullName, "local");

    private JournalOptions OnDisk(Action<JournalOptions>? change = null)
    {
        JournalOptions options = new()
        {
            Destination = new Uri(Path.Combine(_root.FullName, "store")).AbsoluteUri,
            LocalDirectory = Local,
            RingBytes = 64 << 10,
            MaxEntryBytes = 8 << 10,
            MinFreeDiskBytes = 0,
        };
        change?.Invoke(options);
        return options;
    }

    private string[] Stored() => Directory.GetFiles(Path.Combine(_root.FullName, "store"), "*.ndjson.zst", SearchOption.AllDirectories);

    private bool IsFree(int number)
    {
        StorageDirectory lane = OpenRoot().OpenDirectory($"{number}")!;
        using IDisposable? taken = lane.TryLock("lock");
        return taken is not null;
    }

    /// <summary>What a process that ended with the store away left as lane 1, while lane 0 is or was another's.</summary>
    private void LeaveLaneOne(int entries)
    {
        StorageDirectory root = OpenRoot();
        using IDisposable? taken = root.CreateDirectory("0", SyncSite.JournalDirectory).TryLock("lock");
        JournalBench dead = new();
        dead.Store.GoAway();
        using Journal journal = dead.Open(o =>
        {
            o.ShutdownTimeout = TimeSpan.Zero;
            o.OpenDirectory = _ => root;
        });
        Assert.Equal(1, journal.GetStats().Lane);
        for (int i = 0; i < entries; i++)
        {
            JournalBench.Append(journal, i, "dead");
        }
    }

    private StorageDirectory OpenRoot() => _bench.Options().OpenDirectory(_bench.Options().LocalDirectory!);
}
