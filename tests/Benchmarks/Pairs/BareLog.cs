using Sink.Core;
using Sink.Core.Diagnostics;
using Sink.Core.Log;
using Sink.Core.Storage;

namespace Benchmarks.Pairs;

/// <summary>The journal's log without what comes behind it: ring, segments, committer. No program has it so; it is what does the same work as FasterLog.</summary>
internal sealed class BareLog : IDisposable
{
    private static readonly byte[] _name = [.. "bench"u8];

    private readonly JournalLog _log;
    private readonly Committer _committer;
    private readonly Thread _thread;
    private readonly uint _nameState;
    private readonly long _timestamp = DateTime.UtcNow.Ticks;
    private bool _stopped;

    public BareLog(string directory, TimeSpan cadence)
    {
        StorageDirectory storage = DiskDirectory.OpenPath(directory);
        LogPlace place = new(storage, storage, "ring", 16L << 20, 64L << 20);
        RecoveredLog recovered = LogRecovery.Open(place, low: null, floor: 0, lastRun: 0, epoch: 1);
        JournalClock clock = new(TimeProvider.System);
        LogLimits limits = new() { MaxBatchLatency = cadence, StallAfter = TimeSpan.FromMinutes(1) };
        _log = new JournalLog(recovered, place, limits, clock, new DiskBudget(storage, 64L << 30, 0, 0, 0));
        _committer = new Committer(_log, clock, cadence) { OnCommit = _ => Commits++ };
        _nameState = _log.NameState(_name);
        _thread = new Thread(_committer.Run) { IsBackground = true };
        _thread.Start();
    }

    public long Commits { get; private set; }

    public void Append(byte[] payload)
    {
        if (_log.Append(_name, _nameState, _timestamp, payload, FrameTag.Plain, out _) != AppendResult.Stored)
        {
            throw new InvalidOperationException("An entry was not stored.");
        }
    }

    /// <summary>Makes everything durable, and ends the committer.</summary>
    public void CommitAll()
    {
        _committer.Stop();
        _thread.Join();
        _stopped = true;
        if (_log.Durable != _log.Head)
        {
            throw new InvalidOperationException("The committer left something.");
        }
    }

    public void Dispose()
    {
        if (!_stopped)
        {
            CommitAll();
        }

        _log.Close();
        _log.Release();
    }
}
