using Sink.Core.Delivery;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;

namespace Sink.Core.Lanes;

/// <summary>What a lane's directory held when it was opened: one listing and the checkpoint, whatever the backlog.</summary>
internal sealed class LaneContents
{
    private readonly List<(SealedName Name, string FileName)> _sealed = [];
    private readonly Dictionary<string, long> _objects = [];
    private readonly List<SealedName> _dropped = [];
    private readonly bool _checkpointLost;
    private readonly Action<string> _warn;
    private readonly DateTimeOffset _now;

    private LaneContents(LanePlace place, Action<string> warn)
    {
        StorageDirectory directory = place.Directory;
        _warn = warn;
        _now = place.Clock.UtcNow;
        SetLinksAside(directory);
        Checkpoint = CheckpointFile.Read(directory, out int damagedCopies);
        long lowest = long.MaxValue;
        foreach (StorageEntry entry in directory.List())
        {
            if (SegmentName.TryParse(entry.Name, out SegmentName segment))
            {
                lowest = Math.Min(lowest, segment.Base);
            }
            else if (SealedName.TryParse(entry.Name, out SealedName name))
            {
                _sealed.Add((name, entry.Name));
            }
            else if (StagedName.TryParse(entry.Name, out _, out _))
            {
                _objects.Add(entry.Name, entry.Length);
            }
            else if (IsOurTemporary(entry.Name))
            {
                directory.Delete(entry.Name);
            }
        }

        if (damagedCopies > 0)
        {
            warn($"{damagedCopies} of the two copies of the checkpoint in {directory.Path} cannot be read.");
        }

        // Every lane has one before its first entry.
        bool hasSegments = lowest < long.MaxValue;
        _checkpointLost = Checkpoint is null && (damagedCopies > 0 || _sealed.Count > 0 || hasSegments);
        if (_checkpointLost)
        {
            warn($"{directory.Path} has lost its checkpoint: what is sealed is delivered, and whatever the log still holds is packed again.");
        }

        ReadIdentity(place, hasSegments || _sealed.Count > 0 || Checkpoint is not null);

        // A process killed between a checkpoint's rename and its sync leaves one that a power loss can take back; by
        // then the segments it frees and the objects it seals would be gone. And no segment may outlive the identity.
        directory.SyncNames(SyncSite.LaneNames);
    }

    public Checkpoint? Checkpoint { get; }

    /// <summary>Sealed objects that the checkpoint gave up, and whose files nobody had deleted.</summary>
    public IReadOnlyList<SealedName> Dropped => _dropped;

    public static LaneContents Read(LanePlace place, Action<string> warn) => new(place, warn);

    /// <summary>For a lane without a checkpoint: a new one, or one that lost both copies. Then nothing is deleted: every segment is packed from its start, and what is sealed is delivered.</summary>
    public Checkpoint FirstCheckpoint(PackingPlan plan, long start) => new()
    {
        Sequence = 0,
        Run = 0,
        Routed = start,
        Packing = plan.Packing.ToString(),
        NextOrdinal = _sealed.Count == 0 ? 0 : _sealed.Max(static pair => pair.Name.Ordinal) + 1,
        NextObjectId = _objects.Count == 0 ? 0 : _objects.Keys.Max(IdOf) + 1,
        Objects = [],
    };

    /// <summary>Brings the files in line with the checkpoint: it alone says what is sealed and what is open.</summary>
    public void Settle(StorageDirectory directory, Checkpoint start, Backlog backlog, DiskBudget budget)
    {
        HashSet<string> named = [.. start.Objects.Select(static record => record.FileName)];
        foreach ((SealedName name, string fileName) in _sealed)
        {
            bool isSealed = name.Ordinal < start.NextOrdinal;
            bool isDropped = start.Drops.Any(range => range.From <= name.Ordinal && name.Ordinal <= range.To);
            if (!isSealed || isDropped)
            {
                // Its checkpoint never came, or one says that it was given up: the process died before the deletes.
                directory.Delete(fileName);
                if (isSealed)
                {
                    // It is counted after the deletes, so whoever died before them has not.
                    _dropped.Add(name);
                }

                continue;
            }

            named.Add(name.DataName);
            long bytes = _objects.GetValueOrDefault(name.DataName);
            budget.AddStaged(DiskBudget.OfObject(bytes));
            backlog.Add(name, bytes);
        }

        foreach (string orphan in _objects.Keys.Where(name => !named.Contains(name)))
        {
            if (_checkpointLost)
            {
                _warn(Quarantine.SetAside(directory, orphan, _now));
            }
            else
            {
                // Its entries are still in the log, or the store has them.
                directory.Delete(orphan);
            }
        }
    }

    /// <summary>A link in place of a file of ours would lead what is read, cut and put elsewhere. It is never followed; what it leads to is left alone.</summary>
    private void SetLinksAside(StorageDirectory directory)
    {
        foreach (StorageEntry entry in directory.List().Where(static entry => entry.IsLink))
        {
            bool isOurs = entry.Name is CheckpointFile.First or CheckpointFile.Second or LaneIdentity.FileName or LanePlace.RingPlaceFile
                || SegmentName.TryParse(entry.Name, out _)
                || SealedName.TryParse(entry.Name, out _)
                || StagedName.TryParse(entry.Name, out _, out _);
            if (isOurs)
            {
                _warn(Quarantine.SetAside(directory, entry.Name, _now));
            }
        }
    }

    private void ReadIdentity(LanePlace place, bool holdsEntries)
    {
        StorageDirectory directory = place.Directory;
        switch (LaneIdentity.Read(directory))
        {
            case LaneIdentity.FormatVersion:
                return;
            case null:
                if (holdsEntries)
                {
                    _warn($"{directory.Path} holds entries but no identity; it is read as this version writes it.");
                }

                break;
            case 0:
                _warn(Quarantine.SetAside(directory, LaneIdentity.FileName, _now));
                break;
            case { } newer:
                throw new JournalException($"{directory.Path} was written by a newer version (format {newer}; this one reads {LaneIdentity.FormatVersion}). Update the package, or name another LocalDirectory.");
        }

        LaneIdentity.Write(directory, place.Random.NextGuid());
    }

    private static long IdOf(string name) => StagedName.TryParse(name, out long id, out _) ? id : 0;

    private static bool IsOurTemporary(string name)
    {
        if (!name.EndsWith(StorageDirectory.TemporarySuffix, StringComparison.Ordinal))
        {
            return false;
        }

        string target = name[..^StorageDirectory.TemporarySuffix.Length];
        return target is CheckpointFile.First or CheckpointFile.Second or LaneIdentity.FileName || SealedName.TryParse(target, out _);
    }
}
