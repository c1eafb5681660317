using Sink.Core.Diagnostics;

namespace Sink.Core.Log;

/// <content>The appenders' side: the caller's thread, which must never throw and never wait without a bound.</content>
internal sealed partial class JournalLog
{
    /// <summary>Blocked pool threads starve the delivery that must free them.</summary>
    private static readonly TimeSpan _mostOnPoolThread = TimeSpan.FromSeconds(2);

    /// <summary>Who may not wait for the ring may wait for the lock as long as a thread that holds it may lose its turn.</summary>
    private static readonly TimeSpan _mostForLock = TimeSpan.FromMilliseconds(50);

    private enum Attempt
    {
        Stored,
        Closed,
        Refused,
        Full,
        LockHeld,
    }

    /// <summary>Puts an entry into the ring. Never throws.</summary>
    /// <param name="name">Stream name, UTF-8, not empty.</param>
    /// <param name="nameState">Of <see cref="NameState"/>.</param>
    /// <param name="timestamp">UTC ticks.</param>
    /// <param name="payload">The entry.</param>
    /// <param name="tag">What it is.</param>
    /// <param name="end">Position behind the entry when it was stored.</param>
    /// <param name="gate">Of the stream; null: it is never closed.</param>
    public AppendResult Append(ReadOnlySpan<byte> name, uint nameState, long timestamp, ReadOnlySpan<byte> payload, FrameTag tag, out long end, AppendGate? gate = null)
    {
        end = 0;
        if (payload.Length > _limits.MaxEntryBytes)
        {
            Dropped.Add(DropCause.TooLarge);
            return AppendResult.TooLarge;
        }

        if (OwnWork.IsDelivery)
        {
            Dropped.Add(DropCause.Suppressed);
            return AppendResult.Dropped;
        }

        uint state = Frame.PayloadState(nameState, payload);
        Attempt attempt = _appendLock.TryEnter() || EnterSlowly()
            ? AppendAndExit(name, state, timestamp, payload, tag, gate, out end)
            : Attempt.LockHeld;
        return attempt == Attempt.Stored ? AppendResult.Stored : AppendSlowly(attempt, name, state, timestamp, payload, tag, gate, out end);
    }

    /// <summary>Waits for the lock; its holder only copies, unless the kernel holds up the copy.</summary>
    private bool EnterSlowly()
    {
        try
        {
            return _appendLock.TryEnter(_limits.StallAfter);
        }
        catch (ThreadInterruptedException)
        {
            // Not through a log call: the caller finds its interrupt where it next waits.
            Thread.CurrentThread.Interrupt();
            return _appendLock.TryEnter();
        }
    }

    private Attempt AppendAndExit(ReadOnlySpan<byte> name, uint state, long timestamp, ReadOnlySpan<byte> payload, FrameTag tag, AppendGate? gate, out long end)
    {
        end = 0;
        bool wake = false;
        bool urgent = false;
        try
        {
            if (_closed || gate is { IsClosed: true })
            {
                return Attempt.Closed;
            }

            if (_refusal is not null)
            {
                return Attempt.Refused;
            }

            long head = _head;
            int size = Frame.SizeOf(name.Length, payload.Length);
            long toWrap = _ring.ToWrap(head);
            long needed = size <= toWrap ? size : toWrap + size;
            if (needed > _capacity - (head - Volatile.Read(ref _durable)))
            {
                return Attempt.Full;
            }

            if (size > toWrap)
            {
                Frame.WritePadding(_ring.At(head, Frame.PaddingWordBytes), _seed, head, (int)toWrap);
                head += toWrap;
            }

            Frame.Write(_ring.At(head, size), state, head, timestamp, name, payload, tag);
            end = head + size;
            _appended += tag.IsDefinition ? 0 : 1;
            if (end >= _wakeAtHead || _appended >= _wakeAtAppended)
            {
                wake = true;
                urgent = _wakeAtHead != 0;
                // Once: from the first entry on the committer has its deadline; at a threshold it comes.
                _wakeAtHead = urgent ? long.MaxValue : _durable + Math.Min(EagerBytes, _capacity / 4);
                _wakeAtAppended = urgent ? long.MaxValue : _committed + _limits.MaxBatchSize;
            }

            // Published last: the committer never reads beyond.
            Volatile.Write(ref _head, end);
            return Attempt.Stored;
        }
        finally
        {
            _appendLock.Exit();
            if (wake)
            {
                WakeWhole(urgent);
            }
        }
    }

    /// <summary>An interrupt in here must neither leave a log call nor make it store its entry twice.</summary>
    private void WakeWhole(bool urgent)
    {
        bool interrupted = false;
        while (true)
        {
            try
            {
                Wake(urgent);
                break;
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }

        if (interrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    private AppendResult AppendSlowly(Attempt attempt, ReadOnlySpan<byte> name, uint state, long timestamp, ReadOnlySpan<byte> payload, FrameTag tag, AppendGate? gate, out long end)
    {
        end = 0;
        long started = _clock.Timestamp;
        TimeSpan most = MostToWait();
        bool interrupted = false;
        long durable = Durable;
        long moved = started;

        // The watermark before the attempt that failed. One that has moved since is room, and may be the last to move:
        // whoever waited for the next would wait for nothing.
        long seen = long.MinValue;
        while (true)
        {
            if (attempt == Attempt.Stored)
            {
                break;
            }

            if (attempt == Attempt.Closed)
            {
                Dropped.Add(DropCause.Closed);
                break;
            }

            if (Durable != durable)
            {
                durable = Durable;
                moved = _clock.Timestamp;
            }

            bool block = _limits.WhenFull == WhenFull.Block;
            TimeSpan left = most - _clock.Since(started);
            TimeSpan stall = _limits.StallAfter - _clock.Since(moved);
            if (attempt == Attempt.LockHeld && left < _mostForLock)
            {
                // Not a full ring: another appender is inside, for less than a microsecond.
                left = _mostForLock - _clock.Since(started);
            }

            bool awaitsOldest = attempt == Attempt.Refused && _limits.WhenFull == WhenFull.DropOldest && HasOlder();
            bool hopeless = ((attempt == Attempt.Refused || _stalled is not null) && !awaitsOldest) || stall <= TimeSpan.Zero;
            if (left <= TimeSpan.Zero || (hopeless && !block))
            {
                Dropped.Add(attempt == Attempt.Refused ? DropCause.DiskFull : DropCause.Stalled);
                break;
            }

            TimeSpan wait = block || left < stall ? left : stall;
            try
            {
                if (attempt != Attempt.LockHeld)
                {
                    long full = seen;
                    bool refused = attempt == Attempt.Refused;
                    Wake(true);
                    Queue.WaitForRoom(() => Durable != full || Volatile.Read(ref _closed) || (refused && _refusal is null), wait);
                }

                seen = Durable;
                attempt = _appendLock.TryEnter(wait) ? AppendAndExit(name, state, timestamp, payload, tag, gate, out end) : Attempt.LockHeld;
            }
            catch (ThreadInterruptedException)
            {
                // Not through a log call: the wait goes on, and the caller finds its interrupt where it next waits.
                interrupted = true;
            }
        }

        NoteWait(_clock.Since(started));
        if (interrupted)
        {
            Thread.CurrentThread.Interrupt();
        }

        return attempt switch
        {
            Attempt.Stored => AppendResult.Stored,
            Attempt.Closed => AppendResult.Closed,
            _ => AppendResult.Dropped,
        };
    }

    private TimeSpan MostToWait()
    {
        if (OwnWork.IsOwnThread)
        {
            return TimeSpan.Zero;
        }

        TimeSpan most = _limits.WhenFull == WhenFull.Block ? _limits.MaxBlockTime : TimeSpan.MaxValue;
        return Thread.CurrentThread.IsThreadPoolThread && most > _mostOnPoolThread ? _mostOnPoolThread : most;
    }

    private void NoteWait(TimeSpan wait)
    {
        long longest = Volatile.Read(ref _longestWaitTicks);
        while (wait.Ticks > longest)
        {
            long seen = Interlocked.CompareExchange(ref _longestWaitTicks, wait.Ticks, longest);
            if (seen == longest)
            {
                return;
            }

            longest = seen;
        }
    }
}
