using System.Text;
using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Log;
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
    private readonly Action<PackingPhase> _notePhase;
    private readonly long _countFrom;
    private readonly JournalLog _log;
    private readonly LogCursor _cursor;
    private readonly FrameMaker _frames;
    private readonly OpenObjects _open;
    private readonly Leavings _leavings;

    /// <summary>While entries below <see cref="_catchUpTo"/> are packed again: from where each open object lacks them. Others lack none.</summary>
    private readonly Dictionary<(string Stream, string Partition), long> _resume = [];

    /// <summary>Objects whose file as the last checkpoint names it was given up; however often the packer goes back to it, they go on in a new one.</summary>
    private readonly HashSet<long> _poisoned = [];

    /// <summary>How often the file of an object could not be read, since the lane was opened.</summary>
    private readonly Dictionary<long, int> _readFailures = [];

    private readonly OrdinalRangeSet _drops = new();
    private readonly RandomSource _random;
    private Checkpoint _last;

    /// <summary>A checkpoint was begun and did not end well: it may be there or not, for this process and for the disk.</summary>
    private bool _isInDoubt;

    private PackingSettings _packing;
    private PartitionFormat _format;
    private FrameCoder _coder;
    private StreamForm _default;
    private DroppedEntries _dropped;
    private long _catchUpTo;
    private long _nextObjectId;
    private long _routed;
    private long _holesToldTo;
    private long _countedTo;
    private long _inherited;
    private long _own;
    private long _ownLost;
    private bool _missesOwn;
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
        _random = services.Random;
        _notePhase = log.NotePacking;
        _countFrom = log.Head;
        _log = log;
        _cursor = new LogCursor(_segments, OnHole);
        _packing = plan.Packing;
        _format = plan.Packing.CreatePartitionFormat();
        _frames = new FrameMaker(_clock, _report);
        _open = new OpenObjects(directory, plan, _clock) { Budget = _budget, Frames = _frames };
        _coder = CoderOf(_packing);
        _default = StreamForm.Default(plan.Packing, _coder);
        _leavings = new Leavings(directory, backlog) { Drops = log.Dropped, Budget = _budget, Report = _report, Time = _clock.Provider };
        _last = null!;
        ShortestAge = plan.MaxObjectAge < plan.IdleTimeout ? plan.MaxObjectAge : plan.IdleTimeout;
    }

    /// <summary>Every entry below was routed into an object.</summary>
    public long Routed => Volatile.Read(ref _routed);

    /// <summary>Name of the journal's compressor in use.</summary>
    public string CompressorName => _coder.Kind.Name;

    /// <summary>Time spent in compressors.</summary>
    public TimeSpan Compressing => _frames.Busy;

    public int OpenObjects => Volatile.Read(ref _openObjects);

    /// <summary>When the oldest open object was opened; the end of time when there is none.</summary>
    public long OldestOpenUtcTicks => Volatile.Read(ref _oldestOpen);

    /// <summary>Entries of earlier runs that were found in the log and in no object's file, each counted once however often it is packed.</summary>
    public long Inherited => Volatile.Read(ref _inherited);

    public long NextOrdinal => _last.NextOrdinal;

    /// <summary>Grows with each checkpoint.</summary>
    public long Checkpoints => _last.Sequence;

    /// <summary>The shortest age at which an object of any stream is sealed.</summary>
    public TimeSpan ShortestAge { get; private set; }

    /// <summary>False while entries are packed again that earlier objects may hold: nothing can be sealed then.</summary>
    public bool IsCaughtUp => _cursor.Position >= _catchUpTo;

    /// <summary>
    /// Whether there is room for more, on disk and among the open objects: far more of them than may be open, sealed at
    /// once, would take space that nobody counted on. What is packed again takes none.
    /// </summary>
    public bool MayGoOn => !IsCaughtUp || (_budget.MayPack(_open.BufferBytes) && _open.Count <= _plan.MaxOpenObjects + (_plan.MaxOpenObjects / 10));

    /// <summary>Routes at most that many bytes of entries below <paramref name="durable"/>; false when there was nothing to do.</summary>
    public bool Pack(long durable, long maxBytes)
    {
        if (IsCaughtUp && _resume.Count > 0)
        {
            // Nothing was to be packed again: no entry may go to what waited for that.
            EndCatchUp();
        }

        _open.Now = _clock.Timestamp;
        long from = _cursor.Position;
        long limit = IsCaughtUp ? durable : Math.Min(durable, _catchUpTo);
        while (_cursor.Position - from < maxBytes && MayGoOn && _cursor.TryNext(limit, out FrameView frame))
        {
            Route(frame);
        }

        Volatile.Write(ref _routed, _cursor.Position);
        if (IsCaughtUp && _resume.Count > 0)
        {
            EndCatchUp();
        }

        CountLost();
        CountOpen();
        if (IsCaughtUp && _packing != Usable(_plan.Packing))
        {
            // Other options from here on: what was begun under the old ones is sealed as it is.
            SealBelow(long.MaxValue);
            Use(Usable(_plan.Packing));
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

        List<StagedObject> due = _open.Due(FormatAt(_clock.UtcNow.UtcTicks));
        bool lags = _cursor.Position - _open.Low(_cursor.Position) > _plan.LagBytes;
        if (lags)
        {
            _open.FlushBelow(_cursor.Position - (_plan.LagBytes / 2));
        }

        if (due.Count > 0 || _open.Finished.Count > 0 || lags || _leavings.HasGivenUp || _cursor.Position - _last.Routed >= _plan.CheckpointBytes)
        {
            WriteCheckpoint(due);
        }
    }

    /// <summary>Seals every object, of one stream or of all, that has an entry below a position. Returns the ordinal below which all of these are.</summary>
    public long SealBelow(long position, string? stream = null)
    {
        List<StagedObject> sealing = [.. _open.All.Where(staged => !staged.IsEmpty && staged.Tally.First < position && (stream is null || staged.Stream == stream))];
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

    private void Route(in FrameView frame)
    {
        if (!frame.IsEntry)
        {
            Define(frame);
            return;
        }

        bool isNews = frame.Position >= _countedTo;
        if ((ulong)frame.Timestamp > (ulong)DateTime.MaxValue.Ticks)
        {
            Count(frame, isNews);
            Refuse(frame, isNews);
            return;
        }

        Span<char> name = stackalloc char[frame.Name.Length];
        name = name[..Encoding.UTF8.GetChars(frame.Name, name)];
        StreamForm form = frame.Tag.Number == 0 ? _default : FormOf(name, frame);
        string partition = FormatOf(form).Format(frame.Timestamp);
        StagedObject? staged = _open.Newest(name, partition, form) ?? FindOrOpen(new string(name), partition, form, frame, isNews);
        Count(frame, isNews);
        if (staged is null)
        {
            return;
        }

        if (frame.Position < _catchUpTo && frame.Position < _resume[(staged.Stream, staged.Partition)])
        {
            return;
        }

        if (isNews && frame.Position < _countFrom)
        {
            Volatile.Write(ref _inherited, _inherited + 1);
        }

        NoteDelimiter(staged, frame, isNews);
        _open.Add(staged, frame);
        if (form.Definition?.MaxObjectEntries is { } most && staged.Tally.Entries >= most)
        {
            _open.Finish(staged);
        }
    }

    /// <summary>Behind what may fail on the way: an entry that is met again is no news.</summary>
    private void Count(in FrameView frame, bool isNews)
    {
        _countedTo = Math.Max(_countedTo, frame.Next);
        _own += isNews && frame.Position >= _countFrom ? 1 : 0;
    }

    /// <summary>The object an entry belongs to; null when one that is sealed already holds it.</summary>
    private StagedObject? FindOrOpen(string stream, string partition, StreamForm form, in FrameView frame, bool isNews)
    {
        if (frame.Position >= _catchUpTo && form.Definition is null && _forms.ContainsKey(stream))
        {
            // This run's program gives the stream no definition any more.
            Redefine(stream, _default);
        }

        StagedObject? staged = _open.Find(stream, partition);
        if (staged is not null || frame.Position < _catchUpTo)
        {
            return staged;
        }

        if (StreamName.Validate(stream) is not null)
        {
            Refuse(frame, isNews);
            return null;
        }

        DateTimeOffset now = _clock.UtcNow;
        staged = new StagedObject(_nextObjectId++, 0, stream, partition)
        {
            Kind = form.Coder.Kind,
            Form = form,
            Late = partition != FormatOf(form).Format(now.UtcTicks),
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

    private void Warn(JournalFailureKind kind, string message, long entries = 0) => _report(new JournalFailure(kind, message, entries));
}
