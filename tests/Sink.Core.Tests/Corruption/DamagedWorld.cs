using Sink.Core.Delivery;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.Corruption;

/// <summary>
/// A machine whose process died with something in every kind of file: sealed objects, an open one with compressed frames, two segments,
/// committed entries that are not packed, and uncommitted ones in the ring. Each damage is done to a copy, which is then opened and drained.
/// </summary>
internal sealed class DamagedWorld
{
    private const string Folder = "journal/0";

    private readonly JournalWorld _dead;
    private long _tries;

    public DamagedWorld()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        Scripts.AppendMixed(world, 12);
        world.CommitAll();
        world.Pack();
        world.Seal();
        world.Append(16, "web", 200);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        Fill(world);
        Scripts.AppendMixed(world, 12);
        world.CommitAll();
        world.Append(3, "web", 90);
        world.Kill();
        _dead = world;
        Checkpoint checkpoint = CheckpointFile.Decode(Bytes(CheckpointFile.First))!;
        Sealed = [.. Names().Select(static name => SealedName.TryParse(name, out SealedName parsed) ? parsed : default).Where(static name => name.Entries > 0)];
        Segments = [.. Names().Where(static name => SegmentName.TryParse(name, out _)).Order(StringComparer.Ordinal)];
        Open = checkpoint.Objects.Single(static record => record.Frames.Count > 1);
        Assert.True(Sealed.Count > 1 && Segments.Count > 1, "the world has not all kinds of files");
    }

    public IReadOnlyList<SealedName> Sealed { get; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>An object with several compressed frames in its file.</summary>
    public ObjectRecord Open { get; }

    public IReadOnlyList<ModelEntry> Entries => _dead.Oracle.Entries;

    public long Durable => _dead.Lanes[0].DurableEnd;

    public byte[] Bytes(string name) => _dead.Disk.ReadFile($"{Folder}/{name}");

    /// <summary>Opens a damaged copy, delivers all it can, and says what came out; throws for anything that is doubled, altered or out of order.</summary>
    public DamageOutcome Try(Action<MemoryDisk> damage) => Try(damage, trouble: null);

    /// <param name="damage">Done to the disk before the open.</param>
    /// <param name="trouble">Of the calls from then on.</param>
    public DamageOutcome Try(Action<MemoryDisk> damage, Func<DiskCall, Exception?>? trouble)
    {
        JournalWorld world = _dead.Fork();
        damage(world.Disk);
        world.Trouble = trouble;
        world.Oracle.MayMissAny = true;
        ModelLane lane = world.Lanes[0];
        lane.MayReportDamage = true;

        // What only the damaged place knew may be given out again.
        lane.StoredEnd = 0;
        lane.DurableEnd = 0;
        world.OpenAll();
        SetDamagedObjectsAside(world);
        HashSet<int> found = world.Drain();
        DamageOutcome outcome = new(
            [.. world.Oracle.Entries.Where(entry => !found.Contains(entry.Id))],
            world.Lane.Log.Dropped[DropCause.Damaged],
            world.Lane.Log.DamagedBytes,
            [.. lane.Failures],
            [.. Names(world).Where(static name => name.EndsWith(Quarantine.Suffix, StringComparison.Ordinal))]);
        if (_tries++ % 8 == 0)
        {
            // What was set aside is not met again: the next open has nothing to say and nothing to deliver.
            world.Close();
            world.Trouble = null;
            world.OpenAll();
            Assert.True(found.SetEquals(world.Drain()));
            Assert.DoesNotContain(lane.Failures, static failure => failure.Kind == JournalFailureKind.Permanent);
        }

        return outcome;
    }

    /// <summary>As <see cref="Try(Action{MemoryDisk})"/>, where entries may arrive twice; says how many did. Every one must arrive.</summary>
    public int TryWithoutCheckpoint(Action<MemoryDisk> damage)
    {
        JournalWorld world = _dead.Fork();
        damage(world.Disk);
        ModelLane lane = world.Lanes[0];
        lane.MayReportDamage = true;
        world.OpenAll();
        world.CommitAll();
        Assert.True(world.Pack());
        Assert.True(world.Seal());
        while (world.Deliver())
        {
        }

        Assert.Contains(lane.Failures, static failure => failure.Message.Contains("has lost its checkpoint", StringComparison.Ordinal));
        List<int> found = [.. BucketObject.ReadAll(world.Disk).SelectMany(static item => item.Payloads()).Select(static payload => ModelEntry.IdOf(payload))];
        ModelEntry? lost = world.Oracle.Entries.FirstOrDefault(entry => !found.Contains(entry.Id));
        Assert.True(lost is null, $"{lost} is lost");
        return found.Count - found.Distinct().Count();
    }

    public static void Delete(MemoryDisk disk, string name) => disk.Root.OpenDirectory("journal")!.OpenDirectory("0")!.Delete(name);

    public static void Flip(MemoryDisk disk, string name, long offset, int bit) => disk.FlipBit($"{Folder}/{name}", offset, bit);

    public static void Cut(MemoryDisk disk, string name, long length)
    {
        StorageDirectory directory = disk.Root.OpenDirectory("journal")!.OpenDirectory("0")!;
        using StorageFile file = directory.Open(name, writable: true)!;
        file.Truncate(length);
    }

    /// <summary>Tries every sealed object once, and lets the packer settle those whose files are not what they were.</summary>
    private static void SetDamagedObjectsAside(JournalWorld world)
    {
        for (int tries = 0; !world.Pack(); tries++)
        {
            Assert.True(tries < 20, "packing fails for ever");
        }

        while (world.Lane.Backlog.TryTake(out SealedName name))
        {
            world.Lane.Uploader.DeliverAsync(name, default).GetAwaiter().GetResult();
        }

        world.Pack();
    }

    /// <summary>Commits until a second segment has begun.</summary>
    private static void Fill(JournalWorld world)
    {
        while (Names(world).Count(static name => SegmentName.TryParse(name, out _)) < 2)
        {
            world.Append(24, "web", 300);
            world.CommitAll();
        }
    }

    private static IEnumerable<string> Names(JournalWorld world) =>
        world.Disk.ListFiles().Where(static file => file.StartsWith(Folder + "/", StringComparison.Ordinal)).Select(static file => file[(Folder.Length + 1)..]);

    private IEnumerable<string> Names() => Names(_dead);
}
