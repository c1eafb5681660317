using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <content>How packing begins at a checkpoint: at open, after a failure, and with which compressor.</content>
internal sealed partial class Packer
{
    /// <summary>Begins where a checkpoint left off; <paramref name="start"/> is the very first for a new lane.</summary>
    public void Load(Checkpoint start)
    {
        foreach (OrdinalRange range in start.Drops)
        {
            _drops.Add(range);
        }

        _dropped = start.Dropped;
        Restore(start);
        foreach (IGrouping<FrameKind, StagedObject> begun in _open.Finished.GroupBy(static staged => staged.Kind))
        {
            if (Enum.GetValues<Compression>().Any(compression => FrameKind.Of(compression) == begun.Key && _plan.IsPresent(compression)))
            {
                // Chosen otherwise, or it failed at the time.
                continue;
            }

            string why = FrameKind.BuiltIn.Contains(begun.Key) ? "whose library this machine does not have" : "which this process was not given";
            Warn(JournalFailureKind.Temporary, $"Objects in {_directory.Path} were begun with the compressor '{begun.Key.Name}', {why}: they are sealed as they are, and others go on compressed as '{begun.First().Form.Coder.Kind.Name}'.");
        }
    }

    /// <summary>Back to the last checkpoint, in process. What was dropped since stays dropped.</summary>
    public void Reload()
    {
        if (_isInDoubt)
        {
            // Whoever opened the lane next might believe it, and it is true only until files are cut back. So the last
            // good one is made the newest first.
            Checkpoint again = _last with { Sequence = _last.Sequence + 2, Run = _plan.Run };
            CheckpointFile.Write(_directory, again);
            _last = again;
            _isInDoubt = false;
        }

        DeleteUnsealed();
        Restore(_last);
    }

    /// <summary>Sidecars of a seal that did not come about, whole or not. Its ordinals are given out again: two sidecars must not have one.</summary>
    private void DeleteUnsealed()
    {
        foreach (StorageEntry entry in _directory.List())
        {
            string target = entry.Name.EndsWith(StorageDirectory.TemporarySuffix, StringComparison.Ordinal) ? entry.Name[..^StorageDirectory.TemporarySuffix.Length] : entry.Name;
            if (SealedName.TryParse(target, out SealedName name) && name.Ordinal >= _last.NextOrdinal)
            {
                _directory.Delete(entry.Name);
            }
        }
    }

    private void Restore(Checkpoint start)
    {
        HashSet<long> kept = [.. start.Objects.Select(static record => record.Id)];
        foreach (StagedObject staged in _open.All)
        {
            if (staged.IsPoisoned)
            {
                _poisoned.Add(staged.Id);
            }

            if (!kept.Contains(staged.Id))
            {
                staged.Dispose();
                _directory.Delete(staged.FileName);
            }
        }

        _open.Clear();
        _leavings.ForgetRotted();
        _resume.Clear();
        _last = start;
        _nextObjectId = Math.Max(_nextObjectId, start.NextObjectId);
        _catchUpTo = start.Routed;

        // Entries below are packed as the run that began with them packed, or they would go to other objects now.
        PackingSettings begun = PackingSettings.TryParse(start.Packing) ?? (start.Low == start.Routed && start.Objects.Count == 0
            ? _plan.Packing
            : throw new JournalException($"The open objects in {_directory.Path} were begun with settings that this machine or version does not know ({start.Packing.Replace('\n', ' ')}): a time zone that is not installed, or a newer package. Install it, or name another LocalDirectory."));
        Use(Usable(begun));
        LoadForms(start);
        HashSet<string> own = [.. start.Streams.Where(static stream => stream.OwnCompression).Select(static stream => stream.Stream)];
        foreach (ObjectRecord record in start.Objects)
        {
            Resume(record, own.Contains(record.Stream) && _forms[record.Stream].Definition?.Compression is { } compression ? FrameKind.Of(compression) : begun.Kind);
        }

        _cursor.MoveTo(start.Low);
        Volatile.Write(ref _routed, start.Low);
        CountOpen();
    }

    /// <param name="record">An object that the checkpoint left open.</param>
    /// <param name="begun">What its frames are.</param>
    private void Resume(ObjectRecord record, FrameKind begun)
    {
        // Frames of two kinds in one file nobody could read: when the compressor is not at hand, another object goes on.
        StreamForm form = _forms.GetValueOrDefault(record.Stream, _default);
        bool goesOn = begun == form.Coder.Kind || record.Frames.Count == 0;
        StagedObject staged = StagedObject.Resume(_directory, record, (goesOn ? form.Coder.Kind : begun, form), Opened(record, form), text => Warn(JournalFailureKind.Permanent, text));
        if (goesOn)
        {
            _open.Open(staged);
        }
        else
        {
            _open.AddFinished(staged);
            _open.Open(new StagedObject(_nextObjectId++, 0, record.Stream, record.Partition)
            {
                Kind = form.Coder.Kind,
                Form = form,
                Late = record.Late,
                OpenedUtcTicks = record.OpenedUtcTicks,
                OpenedTimestamp = staged.OpenedTimestamp,
            });
        }

        _resume.Add((record.Stream, record.Partition), record.Resume);
        if (staged.IsPoisoned || _poisoned.Contains(staged.Id))
        {
            // Last, for it may fail: what is open then is let go of, and its bytes are counted anew.
            _leavings.AddSuperseded(staged.FileName);
            staged.MoveToNewFile(_directory, static _ => true, _frames);
        }
    }

    /// <summary>Objects whose entries were all to come from the log, and have not, are nothing to seal and nothing to wait for.</summary>
    private void EndCatchUp()
    {
        _resume.Clear();
        foreach (StagedObject staged in _open.All.Where(static staged => staged.IsEmpty).ToArray())
        {
            _open.Close(staged, isSealed: false);
        }

        if (_open.Finished.Count > 0)
        {
            WriteCheckpoint([.. _open.Finished]);
        }
    }

    /// <summary>The age goes on over a restart, as far as the wall clock can be believed.</summary>
    private long Opened(ObjectRecord record, StreamForm form)
    {
        long age = Math.Clamp(_clock.UtcNow.UtcTicks - record.OpenedUtcTicks, 0, (form.Definition?.MaxObjectAge ?? _plan.MaxObjectAge).Ticks);
        return _clock.Timestamp - (long)(age * (_clock.Provider.TimestampFrequency / (double)TimeSpan.TicksPerSecond));
    }

    private void Use(PackingSettings packing)
    {
        if (packing == _packing)
        {
            return;
        }

        _packing = packing;
        _format = packing.CreatePartitionFormat();
        _coder = CoderOf(packing);
        _default = StreamForm.Default(packing, _coder);
        _frames.ForgetAll();
        foreach ((string stream, StreamForm form) in _forms.ToArray())
        {
            _forms[stream] = form.MadeBy(CoderOf(form.Definition!));
        }
    }

    private FrameCoder CoderOf(PackingSettings packing) =>
        new(packing.Kind, packing.Level, packing.Custom is null ? packing.CreateCompressor : _plan.Compressor!.Create);

    /// <summary>The stream's own way, and the journal's when it has none, or its compressor is not at hand here, or failed.</summary>
    private FrameCoder CoderOf(StreamDefinition definition) =>
        definition.Compression is { } own && _plan.IsPresent(own) && !_frames.HasFailed(FrameKind.Of(own)) ? FrameCoder.Of(own, definition.CompressionLevel) : _coder;

    /// <summary>The settings, with another compressor where theirs is not at hand in this process, or failed.</summary>
    private PackingSettings Usable(PackingSettings packing)
    {
        if (CanCompress(packing))
        {
            return packing;
        }

        return CanCompress(_plan.Packing) ? packing.CompressedAs(_plan.Packing) : packing.NotCompressed();
    }

    private bool CanCompress(PackingSettings packing)
    {
        bool isAtHand = packing.Custom is null ? _plan.IsPresent(packing.Compression) : packing.Custom == _plan.Compressor?.Kind;
        return isAtHand && !_frames.HasFailed(packing.Kind);
    }
}
