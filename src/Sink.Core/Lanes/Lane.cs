using Sink.Core.Delivery;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;

namespace Sink.Core.Lanes;

/// <summary>
/// One writer's log, packer and delivery in a directory of their own. Holds no thread: its steps are called by loops, or
/// by a test, and each can stop, crash and be taken up again by the next open.
/// </summary>
internal sealed class Lane : IDisposable
{
    private const int PackPieceBytes = 4 * 1024 * 1024;
    private const int ShortPieceBytes = 1024 * 1024;

    private readonly DiskBudget _budget;
    private long _notedDrops;
    private volatile OldestSealed _oldest = new(-1, 0);

    private Lane(LanePlace place, JournalLog log, Packer packer, Backlog backlog, DiskBudget budget)
    {
        Place = place;
        Log = log;
        Packer = packer;
        Backlog = backlog;
        _budget = budget;
    }

    public LanePlace Place { get; }

    public JournalLog Log { get; }

    public Packer Packer { get; }

    public Backlog Backlog { get; }

    public required Uploader Uploader { get; init; }

    /// <summary>Entries that are stored and not delivered; those of earlier runs that were not packed count from when they are: see <see cref="IsBehind"/>.</summary>
    public long BacklogEntries => Math.Max(0, Log.Appended + Inherited + Packer.Inherited - Backlog.Delivered - Log.Dropped[DropCause.Damaged] - Log.Dropped[DropCause.GivenUp]);

    /// <summary>Entries of earlier runs in objects, sealed and open, when the lane was opened.</summary>
    public required long Inherited { get; init; }

    /// <summary>Whether the log holds more than was packed.</summary>
    public bool IsBehind => Packer.Routed < Log.Head;

    /// <summary>Bytes of sealed objects, and of the log that is not yet packed.</summary>
    public long BacklogBytes => Backlog.Bytes + Math.Max(0, Log.Head - Packer.Routed);

    /// <summary>Whether sealed objects are given up when the log may not grow.</summary>
    public bool DropsOldest { get; init; }

    public long DiskBytes => _budget.UsedBytes;

    /// <summary>The packer met a full disk: it goes on in small steps.</summary>
    public bool IsShortOfSpace { get; set; }

    /// <summary>Whether the volume has that many bytes to spare.</summary>
    public bool MayTake(long bytes) => _budget.HasFree(bytes);

    /// <summary>Since when the oldest object that is not delivered has waited.</summary>
    public TimeSpan OldestUndeliveredAge()
    {
        long since = Packer.OldestOpenUtcTicks;
        if (Backlog.Oldest is { } oldest)
        {
            OldestSealed known = _oldest;
            if (known.Ordinal != oldest.Ordinal)
            {
                known = new OldestSealed(oldest.Ordinal, SealedFiles.TryReadSidecar(Place.Directory, oldest)?.OpenedUtcTicks ?? since);
                _oldest = known;
            }

            since = Math.Min(since, known.Since);
        }

        TimeSpan age = new(Place.Clock.UtcNow.UtcTicks - since);
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    /// <summary>Recovers the lane and makes it ready for appends. The caller holds its lock.</summary>
    /// <exception cref="IOException">The directory cannot be used; nothing was changed that a later open would miss.</exception>
    public static Lane Open(LanePlace place, LaneSettings settings, ulong epoch, Action<JournalFailure> report)
    {
        StorageDirectory directory = place.Directory;
        LaneContents contents = LaneContents.Read(place, Warn);
        DiskBudget budget = settings.CreateBudget(directory);

        LanePhase.NoteOpening(place.LastRing());

        // On a full disk recovery needs room to write: the ballast is for that, and what no checkpoint names is of no use.
        directory.Delete(Ballast.FileName);
        Backlog backlog = new();
        if (contents.Checkpoint is { } known)
        {
            contents.Settle(directory, known, backlog, budget);
        }

        LogPlace logPlace = new(directory, place.RingDirectory, place.RingName, settings.RingBytes, settings.SegmentBytes) { LastRing = place.LastRing(), Time = place.Clock.Provider };
        RecoveredLog recovered = LogRecovery.Open(
            logPlace,
            contents.Checkpoint?.Low,
            contents.Checkpoint?.Routed ?? 0,
            contents.Checkpoint?.Run ?? 0,
            epoch);
        JournalLog log = new(recovered, logPlace, settings.Limits, place.Clock, budget) { Report = report };
        try
        {
            place.NoteRing();
            foreach (string damage in recovered.Damages)
            {
                Warn(damage);
            }

            return Open(place, settings, contents, recovered, log, backlog, budget, report);
        }
        catch
        {
            // Tried again every minute by a neighbour, a ring left mapped would add up.
            log.Close();
            log.Release();
            throw;
        }

        void Warn(string message) => report(new JournalFailure(JournalFailureKind.Permanent, message));
    }

    private static Lane Open(LanePlace place, LaneSettings settings, LaneContents contents, RecoveredLog recovered, JournalLog log, Backlog backlog, DiskBudget budget, Action<JournalFailure> report)
    {
        StorageDirectory directory = place.Directory;
        foreach (LogHole hole in recovered.Holes)
        {
            log.NoteHole(hole);
        }

        PackingPlan plan = settings.Plan with { Lane = place.Number, Run = recovered.Run.Number, Epoch = EpochText.Format(recovered.Run.Epoch) };
        Packer packer = new(directory, log, plan, backlog, new PackerServices(place.Clock, budget, report, place.Random));
        Checkpoint start = contents.Checkpoint ?? contents.FirstCheckpoint(plan, log.Segments.Locate(0)?.Name.Base ?? recovered.Next);
        if (contents.Checkpoint is null)
        {
            contents.Settle(directory, start, backlog, budget);
        }

        foreach (SealedName name in contents.Dropped)
        {
            log.Dropped.Add(DropCause.GivenUp, name.Entries);
            report(new JournalFailure(JournalFailureKind.Permanent, $"The sealed object {name.Ordinal} in {directory.Path} was given up to make room, or was damaged, by a process that ended before it could say so: {name.Entries} entries will not be delivered.", name.Entries));
        }

        packer.Load(start);
        if (contents.Checkpoint is null)
        {
            // Before the first entry: from here on a lane without a checkpoint has lost it. Else sidecars of a first seal
            // that a crash cut off would pass for sealed objects, and their entries be packed again beside them.
            packer.WriteCheckpoint();
        }

        log.HasOlder = () => backlog.HasIdle;
        log.NoteOpen();
        Backoff backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), Random.Shared.NextDouble);
        return new Lane(place, log, packer, backlog, budget)
        {
            Inherited = backlog.Entries + log.Dropped[DropCause.GivenUp] + start.Objects.Sum(static record => record.Tally.Entries),
            DropsOldest = settings.Limits.WhenFull == WhenFull.DropOldest,
            Uploader = new Uploader(directory, place.Store, backlog, place.Clock, backoff) { Budget = budget, Random = place.Random, Report = report, OnDelivered = place.OnDelivered, Lane = place.Number },
        };
    }

    /// <summary>Routes what is committed, then does what time and size ask for. False when there was nothing to route.</summary>
    /// <exception cref="IOException">The disk failed; <see cref="Reload"/> before the next step.</exception>
    public bool Pack()
    {
        long dropped = Log.Dropped[DropCause.DiskFull] + Log.Dropped[DropCause.Stalled];
        if (dropped > _notedDrops)
        {
            Packer.NoteDropped(dropped - _notedDrops);
            _notedDrops = dropped;
        }

        bool packed = Packer.Pack(Log.Durable, IsShortOfSpace ? ShortPieceBytes : PackPieceBytes);
        Packer.Tick();
        if (Log.IsRefusing || IsShortOfSpace)
        {
            // What is packed twice as frames and as log takes twice the space: a checkpoint after each piece frees the one.
            Packer.FreeLog();
        }

        if (!packed && Packer.IsCaughtUp && !Packer.MayGoOn && Backlog.Count == 0)
        {
            // Open objects hold all the space: sealed they can go.
            Packer.SealBelow(long.MaxValue);
        }

        if (!packed && Log.IsRefusing)
        {
            // The log holds nothing without need; then, where the policy says so, the oldest objects go.
            while (DropsOldest && _budget.Refusal(Log.NextCommitBytes) is not null && Packer.GiveUpOldest())
            {
            }
        }

        return packed;
    }

    /// <summary>Seals what was appended before <paramref name="position"/>, once it is packed; the ordinal below which it then stands, or null when packing is not so far.</summary>
    public long? SealBelow(long position, string? stream = null) =>
        Packer.IsCaughtUp && Packer.Routed >= position ? Packer.SealBelow(position, stream) : null;

    /// <summary>The stream's objects below an ordinal that the store refuses.</summary>
    public IReadOnlyList<SealedName> ParkedOf(string stream, long ordinal) =>
        [.. Backlog.ParkedNames().Where(name => name.Ordinal < ordinal && SealedFiles.TryReadSidecar(Place.Directory, name) is { } sidecar && ObjectMetadata.TryParse(sidecar.Metadata, out ObjectMetadata? metadata, out _) && metadata.Stream == stream)];

    /// <summary>After a failure of the packer: back to the last checkpoint.</summary>
    public void Reload() => Packer.Reload();

    /// <summary>The last checkpoint of a lane that is done: everything appended is delivered.</summary>
    public bool TryClose()
    {
        bool done = Log.Durable == Log.Head && Packer.IsCaughtUp && Packer.Routed == Log.Durable && Packer.OpenObjects == 0 && Backlog.Count == 0;
        if (done)
        {
            Packer.WriteCheckpoint(closed: true);
        }

        return done;
    }

    public void Dispose()
    {
        Log.Close();
        Packer.Dispose();
        Log.Release();
    }

    private sealed record OldestSealed(long Ordinal, long Since);
}
