using Sink.Core.Delivery;
using Sink.Core.Log;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <content>How progress becomes durable.</content>
internal sealed partial class Packer
{
    /// <summary>A checkpoint without seals; <paramref name="closed"/> says that nothing is left to do in this lane.</summary>
    public void WriteCheckpoint(bool closed = false)
    {
        if (!closed || !_last.Closed || _last.Run != _plan.Run)
        {
            WriteCheckpoint([], closed);
        }
    }

    /// <summary>
    /// The commit point of everything the packer did: frames, sync, sidecars, names, then the checkpoint itself. Only
    /// behind it are objects uploaded, segments freed, files deleted. A crash before it leaves the old checkpoint true.
    /// </summary>
    private void WriteCheckpoint(List<StagedObject> sealing, bool closed = false)
    {
        // What is full must be in no later checkpoint beside the object behind it.
        sealing = [.. sealing.Union(_open.Finished)];
        _leavings.RemoveRecorded();
        _notePhase(sealing.Count > 0 ? PackingPhase.Sealing : PackingPhase.Checkpoint);
        foreach (StagedObject staged in sealing)
        {
            _open.Flush(staged, last: true);
            if (staged.IsClosedToFrames && !staged.Form.Framing.ObjectSuffix.IsEmpty)
            {
                Warn(JournalFailureKind.Permanent, $"An object of the stream {staged.Stream} in {_directory.Path} is sealed without its end: the compressor '{staged.Kind.Name}' that it was begun with is not at hand any more. Its entries are all there; readers of {staged.Form.Framing.Name} need \"{System.Text.Encoding.UTF8.GetString(staged.Form.Framing.ObjectSuffix)}\" behind it.");
            }
        }

        _open.Sync();
        (StagedObject Staged, ObjectDigest Digest)[] whole = [.. sealing.OrderBy(static staged => staged.Tally.First).Select(staged => (staged, CheckedDigest(staged)))];
        DroppedEntries dropped = _dropped + new DroppedEntries(0, 0, _leavings.RottedEntries);

        // What is given up stands in the checkpoint itself as long as it has files. Named by an object sealed here it would
        // not, and a crash while the files go would leave a sidecar that passes for a sealed object's, without its data.
        bool isTold = !_leavings.HasGivenUp;
        Sealer sealer = new(_directory, _plan, _last, isTold ? _drops.Ranges : [], isTold ? dropped : default) { Random = _random };
        List<(SealedName Name, StagedObject Staged)> named = [];
        foreach ((StagedObject staged, ObjectDigest digest) in whole.Where(static pair => pair.Staged.Tally.Entries > 0))
        {
            long settled = _backlog.Settled(_last.NextOrdinal);
            named.Add((sealer.Seal(staged, digest, settled, _clock.UtcNow), staged));
        }

        _directory.SyncNames(SyncSite.StagedNames);
        Checkpoint checkpoint = new()
        {
            Sequence = _last.Sequence + 1,
            Run = _plan.Run,
            Closed = closed,
            Routed = Math.Max(_cursor.Position, _catchUpTo),
            Packing = _packing.ToString(),
            NextOrdinal = sealer.NextOrdinal,
            NextObjectId = _nextObjectId,
            Previous = sealer.Previous,
            Drops = isTold ? sealer.Drops : [.. _drops.Ranges],
            Dropped = isTold ? sealer.Dropped : dropped,
            LastKeySeconds = sealer.KeySeconds,
            Streams = FormsToKeep(sealing),
            Objects = [.. _open.All.Except(sealing).Where(static staged => !staged.IsEmpty).Select(staged => staged.ToRecord(_cursor.Position))],
        };
        _notePhase(PackingPhase.Checkpoint);
        _isInDoubt = true;
        CheckpointFile.Write(_directory, checkpoint);
        _isInDoubt = false;
        Accept(checkpoint, sealing, named);
        _notePhase(PackingPhase.Packing);
    }

    private void Accept(Checkpoint checkpoint, List<StagedObject> sealing, List<(SealedName Name, StagedObject Staged)> named)
    {
        _drops.RemoveFirst(_drops.Ranges.Count - checkpoint.Drops.Count);
        _dropped = checkpoint.Dropped;
        _last = checkpoint;
        _resume.Clear();
        _poisoned.Clear();
        foreach (StagedObject staged in sealing)
        {
            _open.Close(staged, isSealed: staged.Tally.Entries > 0);
        }

        foreach ((SealedName name, StagedObject staged) in named)
        {
            _backlog.Add(name, staged.FileBytes);
        }

        _leavings.Clear();
        CountOpen();
        _segments.FreeBelow(checkpoint.Low, newestToo: checkpoint.Closed);
        _budget.SetSegments(_segments.FileBytes);
    }

    /// <summary>The digest of what is left of the object when rotted frames are set aside.</summary>
    private ObjectDigest CheckedDigest(StagedObject staged)
    {
        ObjectDigest digest = Digest(staged);
        if (digest.DamagedFrames.Count == 0)
        {
            return digest;
        }

        long lost = digest.DamagedFrames.Sum(index => (long)staged.Frames[index].Entries);
        string old = staged.FileName;
        long before = staged.DiskBytes;
        staged.MoveToNewFile(_directory, index => !digest.DamagedFrames.Contains(index), _frames);
        _open.Grow(staged.DiskBytes - before);
        staged.Sync();
        _leavings.AddRotted(staged, old, lost);
        return Digest(staged);
    }

    /// <summary>A read that fails may pass the next time; one that failed again and again is taken for damage.</summary>
    private ObjectDigest Digest(StagedObject staged)
    {
        try
        {
            return ObjectDigest.Read(_directory, staged.FileName, staged.Frames, _readFailures.GetValueOrDefault(staged.Id) >= SegmentSet.MostReadFailures);
        }
        catch (IOException)
        {
            _readFailures[staged.Id] = _readFailures.GetValueOrDefault(staged.Id) + 1;
            throw;
        }
    }

    /// <summary>Goes with the next checkpoint, which says so.</summary>
    private void GiveUp(SealedName name, bool damaged)
    {
        AnnounceAgain(name);
        _drops.Add(new OrdinalRange(name.Ordinal, name.Ordinal));
        _dropped += damaged ? new DroppedEntries(0, 0, name.Entries) : new DroppedEntries(0, name.Entries, 0);
        _leavings.AddGivenUp(name, damaged);
    }

    /// <summary>What the object was to tell of earlier drops goes with it, and is for a later one to tell: unsaid, they would be lost ones.</summary>
    private void AnnounceAgain(SealedName name)
    {
        if (SealedFiles.TryReadSidecar(_directory, name) is not { } sidecar || !ObjectMetadata.TryParse(sidecar.Metadata, out ObjectMetadata? document, out _))
        {
            return;
        }

        foreach (OrdinalRange range in document.Drops)
        {
            _drops.Add(range);
        }

        _dropped += document.Dropped;
    }
}
