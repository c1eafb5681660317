using Sink.Core.Lanes;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.Faults;

/// <summary>
/// A scripted life of a lane, one call after the other on one thread, of which the n-th call fails: it alone, or it and every call it could
/// touch until some steps later. Then the disk is well again, and everything that was stored must arrive once.
/// </summary>
internal sealed class FaultLife
{
    /// <summary>Steps that a lasting fault goes on for.</summary>
    private const int StepsOfStretch = 6;

    private static readonly Action<FaultLife>[] _script =
    [
        static life => life.Append(8),
        static life => life.World.Commit(),
        static life => life.Append(8),
        static life => life.World.Commit(),
        static life => life.Packing(static world => world.Pack()),
        static life => life.Packing(static world => world.Checkpoint()),
        static life => life.Append(12, 400),
        static life => life.World.CommitAll(),
        static life => life.Packing(static world => world.Pack()),
        static life => life.Packing(static world => world.Seal()),
        static life => life.Append(5),
        static life => life.World.CommitAll(),
        static life => life.World.Deliver(),
        static life => life.Packing(static world => world.Pack()),
        static life => life.World.Deliver(),
        static life => life.Packing(static world => world.Checkpoint()),
        static life => life.Append(4),
        static life => life.Kill(),
        static life => life.Append(6),
        static life => life.World.CommitAll(),
        static life => life.Packing(static world => world.Pack()),
        static life => life.Packing(static world => world.Seal()),
        static life => life.World.Deliver(),
        static life => life.World.Deliver(),
        static life => life.Roll(),
        static life => life.Packing(static world => world.Pack()),
        static life => life.Packing(static world => world.SealOldest()),
        static life => life.Packing(static world => world.Seal()),
        static life => life.Packing(static world => world.GiveUpOldest()),
        static life => life.World.Deliver(),
        static life => life.Packing(static world => world.Checkpoint()),
        static life => life.Packing(static world => world.TryClose()),
        static life => life.Close(),
        static life => life.Append(4),
        static life => life.World.CommitAll(),
    ];

    private readonly FaultKind _kind;
    private readonly long _n;
    private readonly bool _lasts;
    private long _calls;
    private int _step;
    private int _failedAt = -1;
    private bool _mustReload;
    private long _received;
    private long _stored;
    private long _givenUp;
    private long _delivered;

    private FaultLife(FaultKind kind, long n, bool lasts)
    {
        _kind = kind;
        _n = n;
        _lasts = lasts;
        World.Trouble = Answer;
    }

    public JournalWorld World { get; } = JournalWorld.Create();

    public List<DiskCall> Calls { get; } = [];

    /// <summary>Entries that this run gave up.</summary>
    private long GivenUp => World.Lane.Log.Dropped[DropCause.GivenUp];

    /// <summary>The calls of a life without a fault.</summary>
    public static IReadOnlyList<DiskCall> CountCalls()
    {
        FaultLife life = new(default, long.MaxValue, lasts: false);
        life.Run();
        return life.Calls;
    }

    /// <summary>Lives through the fault; throws for a promise that it broke.</summary>
    public static void Run(FaultKind kind, long n, bool lasts) => new FaultLife(kind, n, lasts).Run();

    private void Run()
    {
        // A read that fails for long is taken for damage, and said to be; nothing may be lost by it here.
        World.Lanes[0].MayReportDamage = _kind == FaultKind.ReadError && _lasts;
        for (_step = 0; _step < _script.Length; _step++)
        {
            // At the beginning, after an end, and again after an open that failed, as whoever logs does.
            Open();
            if (World.Lanes[0].Lane is not null)
            {
                _script[_step](this);
            }
        }

        World.Trouble = null;
        Open();
        CheckSums();
        Close();
        Open();
        HashSet<int> found = World.Drain();
        EndRun();
        BrokenPromiseException.Unless(_stored == _delivered + _givenUp, $"{_stored} entries were stored, {_delivered} confirmed and {_givenUp} given up.");

        // What was given up may be there all the same: the store had taken it, and its answer, or what follows on it, failed.
        BrokenPromiseException.Unless(found.Count <= _stored && found.Count >= _delivered, $"{_stored} entries were stored, {found.Count} are there, {_delivered} confirmed.");
        Close();
        BrokenPromiseException.Unless(World.Disk.OpenHandles == 0, $"{World.Disk.OpenHandles} handles are left open.");
    }

    private Exception? Answer(DiskCall call)
    {
        if (_n == long.MaxValue)
        {
            Calls.Add(call);
        }

        if (++_calls == _n)
        {
            _failedAt = _step;
        }

        bool fails = _calls == _n || (_lasts && _failedAt >= 0 && _step < _failedAt + StepsOfStretch);
        return fails ? Fault.Of(_kind, call) : null;
    }

    private void Open()
    {
        if (World.Lanes[0].Lane is not null)
        {
            return;
        }

        try
        {
            World.Open();
            _received = 0;
            _mustReload = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BrokenPromiseException.Unless(World.Lanes[0].Lane is null && World.Disk.OpenHandles == 0, $"An open that failed ({exception.Message}) leaves {World.Disk.OpenHandles} handles open.");
        }
    }

    private void Append(int count, int size = 120)
    {
        for (int i = 0; i < count; i++)
        {
            _received++;
            _stored += World.Append(i % 3 == 0 ? "orders/api" : "web", size, i % 5 == 0 ? TimeSpan.FromDays(1) : TimeSpan.Zero) == AppendResult.Stored ? 1 : 0;
        }

        CheckSums();
    }

    private void Packing(Action<JournalWorld> step)
    {
        try
        {
            if (_mustReload)
            {
                World.Lane.Reload();
                _mustReload = false;
            }

            step(World);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // As the packing loop: once more from the last checkpoint, at the next step.
            _mustReload = true;
        }
    }

    /// <summary>Until a segment is full and the next one begun: where a fault lasts that may not come.</summary>
    private void Roll()
    {
        for (int i = 0; i < 20; i++)
        {
            Append(3, ModelLane.MaxEntryBytes);
            World.CommitAll();
        }
    }

    private void Kill()
    {
        EndRun();
        World.Kill();
    }

    private void Close()
    {
        EndRun();
        World.Close();
    }

    private void EndRun()
    {
        CheckSums();
        _givenUp += GivenUp;
        _delivered += World.Lane.Backlog.Delivered;
    }

    /// <summary>What this run was given is stored or dropped for a cause, and what is stored is delivered or waits.</summary>
    private void CheckSums()
    {
        Lane lane = World.Lane;
        long refused = lane.Log.Dropped[DropCause.DiskFull] + lane.Log.Dropped[DropCause.Stalled];
        BrokenPromiseException.Unless(_received == lane.Log.Appended + refused, $"{_received} entries were received, {lane.Log.Appended} stored and {refused} refused.");
        BrokenPromiseException.Unless(lane.Log.Dropped.Total == refused + GivenUp, $"{lane.Log.Dropped.Total - refused - GivenUp} entries are dropped for another cause.");
    }
}
