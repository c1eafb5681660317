using Sink.Core.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Lanes;

/// <summary>Delivers what dead owners left in other lanes of the directory, one after the other; looks at the start and every minute.</summary>
internal sealed class LaneAdopter
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    private readonly LaneDirectories _lanes;
    private readonly int _own;
    private readonly Func<StorageDirectory, int, LanePlace> _place;
    private readonly Func<(LanePlace Place, IDisposable Lock), LaneHost> _open;
    private readonly JournalClock _clock;
    private readonly CancellationTokenSource _cancel = new();
    private readonly object _gate = new();

    // Owned by the thread.
    private readonly Dictionary<int, string> _told = [];

    // Owned by _gate.
    private bool _stop;
    private bool _ended;

    public LaneAdopter(LaneDirectories lanes, int own, Func<StorageDirectory, int, LanePlace> place, Func<(LanePlace Place, IDisposable Lock), LaneHost> open, JournalClock clock)
    {
        _lanes = lanes;
        _own = own;
        _place = place;
        _open = open;
        _clock = clock;
    }

    public Action<JournalFailure> Report { get; init; } = static _ => { };

    public void Start() => new LoopThread("s3journal adopt", Run, OnFailure, OnEnded).Start();

    /// <summary>Lets go of an adopted lane as it is; the next who looks goes on with it. Returns at once: see <see cref="Join"/>.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stop = true;
            Monitor.PulseAll(_gate);
        }

        _cancel.Cancel();
    }

    /// <summary>Waits until the thread has ended, at most that long by the real clock.</summary>
    public void Join(TimeSpan timeout)
    {
        long begun = TimeProvider.System.GetTimestamp();
        lock (_gate)
        {
            TimeSpan left;
            while (!_ended && (left = timeout - TimeProvider.System.GetElapsedTime(begun)) > TimeSpan.Zero)
            {
                Monitor.Wait(_gate, left);
            }
        }
    }

    private void Run()
    {
        do
        {
            try
            {
                AdoptAll();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Tell(-1, new JournalFailure(JournalFailureKind.Temporary, $"Lanes of dead owners cannot be looked for at present: {exception.Message}", 0, exception));
            }
        }
        while (WaitForNextLook());
    }

    private void AdoptAll()
    {
        int after = -1;
        while (!_cancel.IsCancellationRequested && _lanes.TakeOrphan(_own, after, _place) is { } orphan)
        {
            after = orphan.Place.Number;
            try
            {
                Adopt(_open(orphan));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JournalException)
            {
                Tell(orphan.Place.Number, new JournalFailure(JournalFailureKind.Temporary, $"The lane {orphan.Place.Directory.Path}, whose owner is gone, cannot be delivered yet: {exception.Message}", 0, exception));
            }
        }
    }

    private void Adopt(LaneHost host)
    {
        try
        {
            // This thread has nothing else to do, and what completes the task runs on the lane's own threads.
            host.FlushAsync(_cancel.Token).Wait(CancellationToken.None);
        }
        catch (AggregateException exception)
        {
            Tell(host.Lane.Place.Number, new JournalFailure(JournalFailureKind.Temporary, $"The lane {host.Lane.Place.Directory.Path}, whose owner is gone, is not delivered yet: {exception.InnerException?.Message}", host.Lane.BacklogEntries, exception.InnerException));
        }
        finally
        {
            host.Close(TimeSpan.Zero);
        }
    }

    /// <summary>Once for each lane and message: a lane that stays as it is would be reported every minute.</summary>
    private void Tell(int lane, JournalFailure failure)
    {
        if (_told.GetValueOrDefault(lane) != failure.Message)
        {
            _told[lane] = failure.Message;
            Report(failure);
        }
    }

    private bool WaitForNextLook()
    {
        lock (_gate)
        {
            long begun = _clock.Timestamp;
            while (!_stop && _clock.Since(begun) < _interval)
            {
                _clock.Wait(_gate, _interval - _clock.Since(begun));
            }

            return !_stop;
        }
    }

    private void OnFailure(Exception exception) =>
        Report(new JournalFailure(JournalFailureKind.Permanent, $"Lanes of dead owners are not looked for any more: {exception.Message}", 0, exception));

    private void OnEnded()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }
}
