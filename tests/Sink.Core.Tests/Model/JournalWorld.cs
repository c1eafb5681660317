using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Model;

/// <summary>One machine: a disk that holds a journal and, as the bucket, a directory; the lanes are driven step by step by one thread.</summary>
internal sealed class JournalWorld
{
    public static readonly DateTimeOffset Birth = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    private readonly RepeatableRandom _random;
    private bool _powerLost;

    private JournalWorld(MemoryDisk disk, Oracle oracle, IEnumerable<ModelLane> lanes, DateTimeOffset now, ulong random)
    {
        _random = new RepeatableRandom(random);
        Disk = disk;
        Oracle = oracle;
        Lanes = [.. lanes];
        Clock = new FakeTimeProvider(now);
        disk.Fault = call =>
        {
            Watch?.Invoke(call);
            return Trouble?.Invoke(call);
        };
    }

    /// <summary>Told of each call to the disk before it is made.</summary>
    public Action<DiskCall>? Watch { get; set; }

    /// <summary>What it returns is thrown instead of the call's effect.</summary>
    public Func<DiskCall, Exception?>? Trouble { get; set; }

    public MemoryDisk Disk { get; }

    public Oracle Oracle { get; }

    public IReadOnlyList<ModelLane> Lanes { get; }

    public FakeTimeProvider Clock { get; }

    /// <summary>The first lane, as most scenarios have no other.</summary>
    public Lane Lane => Lanes[0].Lane!;

    /// <summary>Lanes that are not open yet.</summary>
    public static JournalWorld Create(int lanes = 1) =>
        new(new MemoryDisk(), new Oracle(), Enumerable.Range(0, lanes).Select(static number => new ModelLane(number)), Birth, random: 0);

    public static JournalWorld CreateOpen(int lanes = 1)
    {
        JournalWorld world = Create(lanes);
        world.OpenAll();
        return world;
    }

    /// <summary>The machine as it would be if the process died now, on its own.</summary>
    public JournalWorld Fork() => ForkOnto(Disk.Clone(), _powerLost);

    /// <summary>The same history, with that disk in the machine.</summary>
    public JournalWorld ForkOnto(MemoryDisk disk, bool powerLost) => new(disk, Oracle.Fork(), Lanes.Select(lane => lane.Fork(powerLost)), Clock.GetUtcNow(), _random.State)
    {
        _powerLost = powerLost,
    };

    /// <summary>A number for all that is expected of the disk: equal disks with equal ones need no second look.</summary>
    public int Expectations()
    {
        HashCode code = default;
        code.Add(_powerLost);
        code.Add(Clock.GetUtcNow());
        code.Add(Oracle.Expectations());
        foreach (ModelLane lane in Lanes)
        {
            code.Add(lane.Lane?.Log.Head);
            code.Add(lane.StoredEnd);
            code.Add(lane.DurableEnd);
            code.Add(lane.Fsync);
            code.Add(lane.RingBytes);
            code.Add(lane.Run);
        }

        return code.ToHashCode();
    }

    public void OpenAll()
    {
        for (int i = 0; i < Lanes.Count; i++)
        {
            Open(i);
        }
    }

    public void Open(int number = 0)
    {
        ModelLane lane = Lanes[number];
        lane.Failures.Clear();
        lane.Defined.Clear();
        lane.Run++;
        StorageDirectory directory = Disk.Root
            .CreateDirectory("journal", SyncSite.JournalDirectory)
            .CreateDirectory($"{number}", SyncSite.JournalDirectory);
        DirectoryStore store = new(Disk.Root.CreateDirectory(BucketObject.Bucket, SyncSite.StoreDirectory), "memory") { Random = _random };
        LanePlace place = new(directory, directory, number, store, new JournalClock(Clock)) { Random = _random };
        lane.Lane = Lane.Open(place, lane.Settings(), _random.Next(), lane.Failures.Add);
        lane.MayReportDamage |= !lane.Fsync;
        lane.CheckFailures();

        long floor = _powerLost ? lane.DurableEnd : lane.StoredEnd;
        BrokenPromiseException.Unless(lane.Lane.Log.Head >= floor, $"Positions of lane {number} go on at {lane.Lane.Log.Head}, below {floor}.");
        lane.StoredEnd = lane.Lane.Log.Head;
        if (_powerLost || !lane.MayReportDamage)
        {
            // Without syncs a kill leaves page cache, and what no checkpoint knows may still go.
            lane.DurableEnd = lane.Lane.Log.Head;
        }

        lane.GivenUp.Clear();
        lane.FirstOfRun = Oracle.Entries.Count;
        if (!_powerLost)
        {
            // A kill takes nothing, and recovery has made durable what it found.
            MarkDurable(entry => entry.Lane == number && entry.IsSynced);
        }
    }

    /// <summary>An orderly end without a seal.</summary>
    public void Close(int number = 0)
    {
        Lanes[number].Lane!.Dispose();
        Lanes[number].Lane = null;
    }

    public AppendResult Append(string stream, int size, TimeSpan late = default, int number = 0)
    {
        ModelLane lane = Lanes[number];
        long timestamp = (Clock.GetUtcNow() - late).UtcTicks;
        StreamDefinition? definition = lane.Definitions(stream, lane.Run);
        ModelEntry entry = ModelEntry.Create(Oracle.Entries.Count, number, stream, timestamp, Math.Min(size, ModelLane.MaxEntryBytes - ModelDefinitions.Around(definition)));
        entry.Header = definition?.Header;
        Oracle.Entries.Add(entry);
        byte[] name = Encoding.UTF8.GetBytes(stream);
        JournalLog log = lane.Lane!.Log;
        long end = 0;
        AppendResult result = definition is null || !lane.Defined.Add(stream)
            ? AppendResult.Stored
            : log.Append(name, log.NameState(name), timestamp, definition.Encode(), FrameTag.Definition(definition.Number), out end);
        if (result != AppendResult.Stored)
        {
            lane.Defined.Remove(stream);
            return result;
        }

        lane.StoredEnd = Math.Max(lane.StoredEnd, end);
        byte[] bytes = ModelDefinitions.Entry(definition, entry.Payload);
        result = log.Append(name, log.NameState(name), timestamp, bytes, FrameTag.Entry(definition?.Number ?? 0), out end);
        entry.IsStored = result == AppendResult.Stored;
        if (entry.IsStored)
        {
            entry.End = end;
            entry.Position = end - Sink.Core.Log.Frame.SizeOf(name.Length, bytes.Length);
            entry.IsSynced = lane.Fsync;
            lane.StoredEnd = end;
        }

        return result;
    }

    public void Append(int count, string stream = "orders/api", int size = 100, int number = 0)
    {
        for (int i = 0; i < count; i++)
        {
            BrokenPromiseException.Unless(Append(stream, size, default, number) == AppendResult.Stored, "An entry was refused.");
        }
    }

    public bool Commit(int number = 0)
    {
        ModelLane lane = Lanes[number];
        bool done = lane.Lane!.Log.Commit();
        long durable = lane.Lane.Log.Durable;
        BrokenPromiseException.Unless(durable <= lane.StoredEnd, "More is durable than was stored.");
        if (lane.Fsync && done)
        {
            // What a run without syncs left below is page cache until then, whatever the watermark says.
            lane.DurableEnd = Math.Max(lane.DurableEnd, durable);
            MarkDurable(entry => entry.Lane == number && entry.Id >= lane.FirstOfRun && entry.End <= durable);
        }

        lane.CheckFailures();
        return done;
    }

    public void CommitAll(int number = 0)
    {
        while (Commit(number))
        {
        }
    }

    /// <summary>Packs all that is committed.</summary>
    public bool Pack(int number = 0) => Packing(number, static lane =>
    {
        while (lane.Pack())
        {
        }
    });

    public bool Checkpoint(int number = 0) => Packing(number, static lane =>
    {
        if (lane.Packer.IsCaughtUp)
        {
            lane.Packer.WriteCheckpoint();
        }
    });

    /// <summary>Seals what is packed.</summary>
    public bool Seal(int number = 0) => Packing(number, static lane => _ = lane.SealBelow(lane.Packer.Routed));

    /// <summary>Seals the object that was opened first, alone.</summary>
    public bool SealOldest(int number = 0) => Packing(number, lane =>
    {
        long sealedBefore = lane.Packer.NextOrdinal;
        IEnumerable<long> positions = Oracle.Entries.Where(entry => entry.Lane == number && entry.IsStored && entry.Position < lane.Packer.Routed).Select(static entry => entry.Position);
        foreach (long position in positions.TakeWhile(_ => lane.Packer.NextOrdinal == sealedBefore && lane.Packer.IsCaughtUp))
        {
            lane.Packer.SealBelow(position + 1);
        }
    });

    public bool TryClose(int number = 0) => Packing(number, static lane => _ = lane.TryClose());

    public bool Deliver(int number = 0)
    {
        ModelLane lane = Lanes[number];
        if (!lane.Lane!.Backlog.TryTake(out SealedName name))
        {
            return false;
        }

        Sidecar? sidecar = Sidecar.Decode(Disk.ReadFile($"{lane.Folder}/{name}"));
        long delivered = lane.Lane.Backlog.Delivered;
        lane.Lane.Uploader.DeliverAsync(name, default).GetAwaiter().GetResult();
        if (Disk.HasCrashed)
        {
            // The uploader takes whatever a store throws; death is not for it to take.
            throw new SimulatedCrashException("while delivering");
        }

        bool confirmed = lane.Lane.Backlog.Delivered > delivered;
        if (confirmed && sidecar is not null)
        {
            Oracle.Confirmed(sidecar.Key);
        }

        lane.CheckFailures();
        return confirmed;
    }

    public bool GiveUpOldest(int number = 0)
    {
        ModelLane lane = Lanes[number];
        if (!lane.Lane!.Packer.IsCaughtUp || OldestNotGivenUp(lane) is not { } oldest)
        {
            return false;
        }

        lane.GivenUp.Add(oldest.Ordinal);

        // Noted before: a crash on the way leaves it open whether it happened.
        Sidecar sidecar = Sidecar.Decode(Disk.ReadFile($"{lane.Folder}/{oldest}"))!;
        if (Disk.ListFiles().Contains($"{lane.Folder}/{oldest.DataName}"))
        {
            BucketObject data = new(sidecar.Key, Disk.ReadFile($"{lane.Folder}/{oldest.DataName}"), sidecar.Metadata);
            Oracle.GivenUp(number, oldest.Ordinal, sidecar.Metadata, data.Payloads());
        }

        return Packing(number, static lane => _ = lane.Packer.GiveUpOldest());
    }

    public void Kill()
    {
        Disk.KillProcess();
        Forget();
    }

    public void LosePower(PowerLossChoice choice)
    {
        Disk.PowerLoss(choice);
        _powerLost = true;
        foreach (ModelLane lane in Lanes)
        {
            lane.HasLostPower = true;
        }

        Forget();
    }

    /// <summary>Checks every promise, on a copy of the machine whose process died now.</summary>
    public void Check()
    {
        Oracle.CheckBucket(BucketObject.ReadAll(Disk));
        JournalWorld copy = Fork();
        copy.OpenAll();
        HashSet<int> found = copy.Drain();
        copy.Forget();
        Oracle.Learn(found, entry => Lanes[entry.Lane].Lane is not null && entry.Id < Lanes[entry.Lane].FirstOfRun && (_powerLost || entry.IsSynced));
        _powerLost = false;
    }

    /// <summary>Delivers everything and checks every promise.</summary>
    public HashSet<int> Drain()
    {
        for (int number = 0; number < Lanes.Count; number++)
        {
            DrainLane(number);
        }

        IReadOnlyList<BucketObject> bucket = BucketObject.ReadAll(Disk);
        Oracle.CheckBucket(bucket);
        ILookup<int, OrdinalRange> drops = Lanes
            .SelectMany(lane => LastCheckpoint(lane).Drops.Select(range => (lane.Number, range)))
            .ToLookup(static pair => pair.Number, static pair => pair.range);
        return Oracle.CheckDelivered(bucket, drops, _powerLost);
    }

    /// <summary>One whose checkpoint failed is given up all the same, at the next.</summary>
    private SealedName? OldestNotGivenUp(ModelLane lane)
    {
        string folder = lane.Folder + "/";
        SealedName? oldest = null;
        foreach (string file in Disk.ListFiles().Where(file => file.StartsWith(folder, StringComparison.Ordinal)))
        {
            if (SealedName.TryParse(file[folder.Length..], out SealedName name)
                && !lane.GivenUp.Contains(name.Ordinal)
                && name.Ordinal < (oldest?.Ordinal ?? lane.Lane!.Packer.NextOrdinal))
            {
                oldest = name;
            }
        }

        return oldest;
    }

    private static void Reload(ModelLane lane)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                lane.Lane!.Reload();
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && tries < 4)
            {
            }
        }
    }

    private void MarkDurable(Func<ModelEntry, bool> which)
    {
        foreach (ModelEntry entry in Oracle.Entries.Where(entry => entry.IsStored && !entry.IsGone && which(entry)))
        {
            entry.IsDurable = true;
        }
    }

    private bool Packing(int number, Action<Lane> step)
    {
        ModelLane lane = Lanes[number];
        bool done = true;
        try
        {
            step(lane.Lane!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CompressorFailedException)
        {
            done = false;
            Reload(lane);
        }

        if (!lane.Fsync)
        {
            NoteCheckpoint(lane);
        }

        lane.CheckFailures();
        return done;
    }

    private Checkpoint LastCheckpoint(ModelLane lane) => CheckpointFile.Decode(Disk.ReadFile($"{lane.Folder}/{CheckpointFile.First}"))!;

    /// <summary>Where commits are not synced, only what a checkpoint claims outlives the machine.</summary>
    private void NoteCheckpoint(ModelLane lane)
    {
        if (!Disk.ListFiles().Contains($"{lane.Folder}/{CheckpointFile.First}"))
        {
            return;
        }

        Checkpoint checkpoint = LastCheckpoint(lane);
        lane.DurableEnd = Math.Max(lane.DurableEnd, checkpoint.Routed);
        PartitionFormat format = PackingSettings.TryParse(checkpoint.Packing)!.CreatePartitionFormat();
        Dictionary<string, PartitionFormat?> own = checkpoint.Streams.ToDictionary(static record => record.Stream, static record => StreamDefinition.TryDecode(record.Definition)!.CreatePartitionFormat());
        MarkDurable(entry =>
        {
            string partition = (own.GetValueOrDefault(entry.Stream) ?? format).Format(entry.Timestamp);
            ObjectRecord? open = checkpoint.Objects.FirstOrDefault(record => record.Stream == entry.Stream && record.Partition == partition);
            return entry.Lane == lane.Number && entry.Id >= lane.FirstOfRun && entry.Position < (open?.Resume ?? checkpoint.Routed);
        });
    }

    private void DrainLane(int number)
    {
        ModelLane lane = Lanes[number];
        try
        {
            CommitAll(number);
            BrokenPromiseException.Unless(lane.Lane!.Log.Durable == lane.Lane.Log.Head, $"Lane {number} does not commit: {lane.Lane.Log.Stalled?.Message}");

            // A compressor of the program's own may fail, but once.
            BrokenPromiseException.Unless(PackAndSeal(lane) || PackAndSeal(lane), $"Lane {number} fails in its compressor again and again.");
            while (Deliver(number))
            {
            }

            BrokenPromiseException.Unless(lane.Lane.TryClose(), $"Lane {number} has {lane.Lane.Backlog.Count} objects that it does not deliver: {lane.Failures.LastOrDefault()?.Message}");
        }
        catch (IOException exception)
        {
            throw new BrokenPromiseException($"Lane {number} fails on a good disk: {exception.Message}", exception);
        }

        lane.CheckFailures();
        string[] known = ["ring", LaneIdentity.FileName, CheckpointFile.First, CheckpointFile.Second];
        foreach (string file in Disk.ListFiles().Where(file => file.StartsWith(lane.Folder + "/", StringComparison.Ordinal)))
        {
            BrokenPromiseException.Unless(known.Contains(file[(lane.Folder.Length + 1)..]) || lane.MayReportDamage, $"{file} is left behind.");
        }
    }

    private bool PackAndSeal(ModelLane lane)
    {
        try
        {
            while (lane.Lane!.Pack())
            {
            }

            BrokenPromiseException.Unless(lane.Lane.SealBelow(lane.Lane.Log.Head) is not null, $"Lane {lane.Number} does not seal.");
            return true;
        }
        catch (CompressorFailedException)
        {
            Reload(lane);
            return false;
        }
    }

    /// <summary>What the lanes held goes back, as with a process; their handles are stale, and the disk is not touched.</summary>
    public void Forget()
    {
        foreach (ModelLane lane in Lanes)
        {
            lane.Lane?.Dispose();
            lane.Lane = null;
        }
    }
}
