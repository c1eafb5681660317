using System.Text;
using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Log;
using Sink.Core.Payloads;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>
/// Routes committed entries into staged objects by stream and date, and makes the progress durable by checkpoints.
/// Only one thread uses it. After any failure it goes back to the last checkpoint and packs again from there.
/// </summary>
internal sealed partial class Packer : IDisposable
{
    private readonly StorageDirectory _directory;
    private readonly SegmentSet _segments;
    private readonly PackingPlan _plan;
    private readonly Backlog _backlog;
    private readonly JournalClock _clock;
    private readonly DiskBudget _budget;
    private readonly Action<JournalFailure> _report;
    private readonly long _countFrom;
    private readonly LogCursor _cursor;
    private readonly OpenObjects _open;
    private readonly Leavings _leavings;

    /// <summary>While entries below <see cref="_catchUpTo"/> are packed again: from where each open object lacks them. Others lack none.</summary>
    private readonly Dictionary<(string Stream, string Partition), long> _resume = [];

    /// <summary>Objects whose file as the last checkpoint names it was given up; however often the packer goes back to it, they go on in a new one.</summary>
    private readonly HashSet<long> _poisoned = [];

    private readonly OrdinalRangeSet _drops = new();
    private Checkpoint _last;

    /// <summary>A checkpoint was begun and did not end well: it may be there or not, for this process and for the disk.</summary>
    private bool _isInDoubt;

    private PackingSettings _packing;
    private PartitionFormat _format;
    private Framing _framing;
    private DroppedEntries _dropped;
    private long _catchUpTo;
    private long _nextObjectId;
    private long _routed;
    private long _holesToldTo;
    private long _countedTo;
    private long _inherited;
    private long _oldestOpen = DateTime.MaxValue.Ticks;
    private int _openObjects;

    public Packer(StorageDirectory directory, JournalLog log, PackingPlan plan, Backlog backlog, PackerServices services)
    {
        _directory = directory;
        _segments = log.Segments;
        _plan = plan;
        _backlog = backlog;
        _clock = services.Clock;
        _budget = services.Budget;
        _report = services.Report;
        _countFrom = log.Head;
        _cursor = new LogCursor(_segments, OnHole);
        _packing = plan.Packing;
        _format = plan.Packing.CreatePartitionFormat();
        _framing = plan.Packing.GetFraming();
        _open = new OpenObjects(directory, plan, _clock) { Budget = _budget, Compressor = plan.Packing.CreateCompressor() };
        _leavings = new Leavings(directory, backlog) { Drops = log.Dropped, Budget = _budget, Report = _report };
        _last = null!;
    }

    /// <summary>Every entry below was routed into an object.</summary>
    public long Routed => Volatile.Read(ref _routed);

    public int OpenObjects => Volatile.Read(ref _openObjects);

    /// <summary>When the oldest open object was opened; the end of time when there is none.</summary>
    public long OldestOpenUtcTicks => Volatile.Read(ref _oldestOpen);

    /// <summary>Entries of earlier runs that were found in the log and in no object's file, each counted once however often it is packed.</summary>
    public long Inherited => Volatile.Read(ref _inherited);

    public long NextOrdinal => _last.NextOrdinal;

    /// <summary>Grows with each checkpoint.</summary>
    public long Checkpoints => _last.Sequence;

    /// <summary>False while entries are packed again that earlier objects may hold: nothing can be sealed then.</summary>
    public bool IsCaughtUp => _cursor.Position >= _catchUpTo;

    /// <summary>Begins where a checkpoint left off; <paramref name="start"/> is the very first for a new lane.</summary>
    public void Load(Checkpoint start)
    {
        foreach (OrdinalRange range in start.Drops)
        {
            _drops.Add(range);
        }

        _dropped = start.Dropped;
        Restore(start);
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

    /// <summary>Routes at most that many bytes of entries below <paramref name="durable"/>; false when there was nothing to do.</summary>
    public bool Pack(long durable, long maxBytes)
    {
        long from = _cursor.Position;
        long limit = IsCaughtUp ? durable : Math.Min(durable, _catchUpTo);
        while (_cursor.Position - from < maxBytes && _cursor.TryNext(limit, out FrameView frame))
        {
            Route(frame);
        }

        Volatile.Write(ref _routed, _cursor.Position);
        if (IsCaughtUp && _resume.Count > 0)
        {
            EndCatchUp();
        }

        CountOpen();
        if (IsCaughtUp && _packing != _plan.Packing)
        {
            // Other options from here on: what was begun under the old ones is sealed as it is.
            SealBelow(long.MaxValue);
            Use(_plan.Packing);
        }

        return _cursor.Position > from;
    }

    /// <summary>What time and size ask for: seals, a checkpoint, room. Called between packs.</summary>
    public void Tick()
    {
        if (!IsCaughtUp)
        {
            return;
        }

        foreach (SealedName damaged in _backlog.TakeDamaged())
        {
            GiveUp(damaged, damaged: true);
        }

        List<StagedObject> due = _open.Due(_format.Format(_clock.UtcNow.UtcTicks));
        bool lags = _cursor.Position - _open.Low(_cursor.Position) > _plan.LagBytes;
        if (lags)
        {
            _open.FlushBelow(_cursor.Position - (_plan.LagBytes / 2));
        }

        if (due.Count > 0 || lags || _leavings.HasGivenUp || _cursor.Position - _last.Routed >= _plan.CheckpointBytes)
        {
            WriteCheckpoint(due);
        }
    }

    /// <summary>Seals every object that has an entry below a position. Returns the ordinal below which all of these are.</summary>
    public long SealBelow(long position)
    {
        List<StagedObject> sealing = [.. _open.All.Where(staged => !staged.IsEmpty && staged.Tally.First < position)];
        if (sealing.Count > 0)
        {
            WriteCheckpoint(sealing);
        }

        return _last.NextOrdinal;
    }

    /// <summary>Makes the log need as little as possible, when it has no room.</summary>
    public void FreeLog()
    {
        if (IsCaughtUp && _cursor.Position > _last.Low)
        {
            _open.FlushBelow(long.MaxValue);
            WriteCheckpoint([]);
        }
    }

    /// <summary>Gives the oldest sealed object up to make room; false when there is none.</summary>
    public bool GiveUpOldest()
    {
        if (!IsCaughtUp || !_backlog.TryGiveUpOldest(out SealedName oldest))
        {
            return false;
        }

        GiveUp(oldest, damaged: false);
        WriteCheckpoint([]);
        return true;
    }

    /// <summary>Entries that never reached an object, to be named in the next one's metadata.</summary>
    public void NoteDropped(long entries) => _dropped += new DroppedEntries(entries, 0, 0);

    public void Dispose()
    {
        _cursor.Dispose();
        _open.Dispose();
    }

    /// <summary>Sidecars of a seal that did not come about. Its ordinals are given out again: two sidecars must not have one.</summary>
    private void DeleteUnsealed()
    {
        foreach (StorageEntry entry in _directory.List())
        {
            if (SealedName.TryParse(entry.Name, out SealedName name) && name.Ordinal >= _last.NextOrdinal)
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
        foreach (ObjectRecord record in start.Objects)
        {
            StagedObject staged = StagedObject.Resume(_directory, record, Opened(record), text => Warn(JournalFailureKind.Permanent, text));
            _open.Open(staged);
            _budget.AddStaged(staged.FileBytes);
            _resume.Add((record.Stream, record.Partition), record.Resume);
            if (_poisoned.Contains(staged.Id))
            {
                _leavings.AddSuperseded(staged.FileName);
                staged.MoveToNewFile(_directory, static _ => true);
            }
        }

        // Entries below are packed as the run that began with them packed, or they would go to other objects now.
        Use(PackingSettings.TryParse(start.Packing) ?? (start.Low == start.Routed && start.Objects.Count == 0
            ? _plan.Packing
            : throw new JournalException($"The open objects in {_directory.Path} were begun with settings that this machine or version does not know ({start.Packing.Replace('\n', ' ')}): a time zone that is not installed, or a newer package. Install it, or name another LocalDirectory.")));
        _cursor.MoveTo(start.Low);
        Volatile.Write(ref _routed, start.Low);
        CountOpen();
    }

    /// <summary>Objects whose entries were all to come from the log, and have not, are nothing to seal and nothing to wait for.</summary>
    private void EndCatchUp()
    {
        _resume.Clear();
        foreach (StagedObject staged in _open.All.Where(static staged => staged.IsEmpty).ToArray())
        {
            _open.Close(staged);
        }
    }

    private void Route(in FrameView frame)
    {
        string partition = _format.Format(frame.Timestamp);
        Span<char> name = stackalloc char[frame.Name.Length];
        name = name[..Encoding.UTF8.GetChars(frame.Name, name)];
        StagedObject? staged = _open.Newest(name, partition) ?? FindOrOpen(new string(name), partition, frame.Position);
        if (staged is null)
        {
            return;
        }

        if (frame.Position < _catchUpTo && frame.Position < _resume[(staged.Stream, staged.Partition)])
        {
            return;
        }

        _open.Add(staged, _framing, frame);
        if (frame.Position < _countFrom && frame.Position >= _countedTo)
        {
            _countedTo = frame.Next;
            Volatile.Write(ref _inherited, _inherited + 1);
        }
    }

    /// <summary>The object an entry belongs to; null when one that is sealed already holds it.</summary>
    private StagedObject? FindOrOpen(string stream, string partition, long position)
    {
        StagedObject? staged = _open.Find(stream, partition);
        if (staged is not null || position < _catchUpTo)
        {
            return staged;
        }

        DateTimeOffset now = _clock.UtcNow;
        staged = new StagedObject(_nextObjectId++, 0, stream, partition)
        {
            Late = partition != _format.Format(now.UtcTicks),
            OpenedUtcTicks = now.UtcTicks,
            OpenedTimestamp = _clock.Timestamp,
        };
        _open.Open(staged);
        return staged;
    }

    private void CountOpen()
    {
        long oldest = DateTime.MaxValue.Ticks;
        foreach (StagedObject staged in _open.All)
        {
            oldest = Math.Min(oldest, staged.OpenedUtcTicks);
        }

        Volatile.Write(ref _oldestOpen, oldest);

        Volatile.Write(ref _openObjects, _open.Count);
    }

    private void OnHole(LogHole hole)
    {
        if (hole.To <= _holesToldTo)
        {
            // Met again on the way back from a failure.
            return;
        }

        _holesToldTo = hole.To;
        Warn(JournalFailureKind.Permanent, $"The log in {_directory.Path} has nothing readable from {hole.From} to {hole.To}: {hole.To - hole.From} bytes of entries are lost.");
    }

    private void Use(PackingSettings packing)
    {
        if (packing == _packing)
        {
            return;
        }

        _packing = packing;
        _format = packing.CreatePartitionFormat();
        _framing = packing.GetFraming();
        _open.Compressor.Dispose();
        _open.Compressor = packing.CreateCompressor();
    }

    /// <summary>The age goes on over a restart, as far as the wall clock can be believed.</summary>
    private long Opened(ObjectRecord record)
    {
        long age = Math.Clamp(_clock.UtcNow.UtcTicks - record.OpenedUtcTicks, 0, _plan.MaxObjectAge.Ticks);
        return _clock.Timestamp - (long)(age * (_clock.Provider.TimestampFrequency / (double)TimeSpan.TicksPerSecond));
    }

    private void Warn(JournalFailureKind kind, string message, long entries = 0) => _report(new JournalFailure(kind, message, entries));
}
