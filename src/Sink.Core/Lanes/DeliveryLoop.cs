using Sink.Core.Delivery;
using Sink.Core.Diagnostics;

namespace Sink.Core.Lanes;

/// <summary>
/// Starts uploads, on one dedicated thread: as many at a time as are allowed, one while the store is away, and none
/// while a pause lasts. A store that works without awaiting works on this thread.
/// </summary>
internal sealed class DeliveryLoop
{
    /// <summary>Objects that the store refused get another try after that long.</summary>
    private static readonly TimeSpan _unparkAfter = TimeSpan.FromMinutes(5);

    private readonly Lane _lane;
    private readonly JournalClock _clock;
    private readonly int _maxUploads;
    private readonly Action<JournalFailure> _report;

    // Never disposed: it has nothing to free, and who stops the loop may come after its end.
    private readonly CancellationTokenSource _cancel = new();
    private readonly object _gate = new();

    // Owned by _gate.
    private int _inFlight;
    private bool _stop;
    private bool _wake;
    private Exception? _broken;

    public DeliveryLoop(Lane lane, JournalClock clock, int maxUploads, Action<JournalFailure> report)
    {
        _report = report;
        _lane = lane;
        _clock = clock;
        _maxUploads = maxUploads;
        lane.Backlog.Wake = Wake;
    }

    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _inFlight;
            }
        }
    }

    public void Wake()
    {
        lock (_gate)
        {
            _wake = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Starts no more uploads, and cuts off those under way.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stop = true;
            Monitor.PulseAll(_gate);
        }

        // On a thread of its own: a store's code may hang on the token, and block or throw there, and who stops the loop closes the journal.
        new LoopThread("s3journal cancel", Cancel, OnFailure, static () => { }).Start();

        void Cancel()
        {
            OwnWork.MarkDelivery();
            _cancel.Cancel();
        }

        void OnFailure(Exception exception) =>
            _report(new JournalFailure(JournalFailureKind.Temporary, $"{_lane.Place.Store.Location} threw when its puts were cut off: {exception.InnerException?.Message ?? exception.Message}", 0, exception));
    }

    public void Run()
    {
        OwnWork.MarkDelivery();
        long unparked = _clock.Timestamp;
        while (WaitForTurn(unparked))
        {
            if (_clock.Since(unparked) >= _unparkAfter)
            {
                unparked = _clock.Timestamp;
                _lane.Backlog.Unpark();
            }

            if (_lane.Backlog.TryTake(out SealedName name))
            {
                lock (_gate)
                {
                    _inFlight++;
                    _wake = true;
                    _lane.Log.NoteUploads(_inFlight);
                }

                _ = DeliverAsync(name);
            }
        }
    }

    private async Task DeliverAsync(SealedName name)
    {
        try
        {
            await _lane.Uploader.DeliverAsync(name, _cancel.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The uploader lets nothing out but a defect, and then nobody would ever put this object again, nor the later
            // ones of its stream. Nobody awaits this task: the loop's thread has to end by it, so that it is told.
            lock (_gate)
            {
                _broken ??= exception;
            }
        }
        finally
        {
            lock (_gate)
            {
                _inFlight--;
                _wake = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>False when the loop is to end.</summary>
    private bool WaitForTurn(long unparked)
    {
        lock (_gate)
        {
            while (!_stop)
            {
                // Here, and not where an upload ends: that is a thread of the pool, and the ring is mapped only as long as this one lives.
                _lane.Log.NoteUploads(_inFlight);
                if (_broken is not null)
                {
                    throw new InvalidOperationException($"An upload ended by a defect: {_broken.Message}", _broken);
                }

                bool away = _lane.Uploader.IsStoreAway;
                TimeSpan left = _lane.Uploader.PauseLeft;
                if (left <= TimeSpan.Zero)
                {
                    // With every slot taken there is nothing to start; the end of an upload wakes.
                    bool hasSlot = _inFlight < (away ? 1 : _maxUploads);
                    left = hasSlot ? _unparkAfter - _clock.Since(unparked) : Timeout.InfiniteTimeSpan;
                    if (hasSlot && (_wake || left <= TimeSpan.Zero))
                    {
                        _wake = false;
                        return true;
                    }
                }

                _clock.Wait(_gate, left);
            }

            return false;
        }
    }

    /// <summary>However the loop ended: uploads under way hold the files that a next owner of the lane would deliver.</summary>
    public void WaitForUploads()
    {
        lock (_gate)
        {
            while (_inFlight > 0)
            {
                _clock.Wait(_gate, Timeout.InfiniteTimeSpan);
            }
        }

        _lane.Log.NoteUploads(0);
    }
}
