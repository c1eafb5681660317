using OpenTelemetry.Exporter.S3Journal.Diagnostics;
using OpenTelemetry.Exporter.S3Journal.Options;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Signals;

/// <summary>
/// Flushes and closes within the time that the SDK gives. The caller's thread waits on a monitor, never on a timer of the pool: whoever flushes at the end of a program may find the pool blocked. What
/// is not done in time goes on without the caller, and is on disk anyway.
/// </summary>
internal sealed class TimedFlush(JournalSource source, ExporterSettings settings, SignalFailures failures)
{
    /// <summary>What closing may take beyond the shutdown time-out, for threads and listeners to come to their end.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(2);

    /// <summary>What is left of a time-out.</summary>
    public static int Left(int timeoutMilliseconds, long begun) => (int)Left(TimeSpan.FromMilliseconds(timeoutMilliseconds), begun).TotalMilliseconds;

    /// <summary>A time-out as the SDK gives it, where -1 takes the shutdown time-out.</summary>
    public int MillisecondsOf(int timeoutMilliseconds) => (int)TimeOf(timeoutMilliseconds).TotalMilliseconds;

    /// <summary>Commits, and delivers when the settings say so.</summary>
    /// <param name="timeoutMilliseconds">-1 takes the shutdown time-out.</param>
    public bool Flush(int timeoutMilliseconds)
    {
        TimeSpan time = TimeOf(timeoutMilliseconds);
        long begun = TimeProvider.System.GetTimestamp();
        return Commit(time) && (!settings.ForceFlushDelivers || Deliver(Left(time, begun)));
    }

    /// <summary>Commits, then closes: a journal that others still have open is not committed by that.</summary>
    public bool Close(Action close, int timeoutMilliseconds)
    {
        TimeSpan time = TimeOf(timeoutMilliseconds);
        long begun = TimeProvider.System.GetTimestamp();
        bool isCommitted = Commit(time);
        Task closing = Task.Factory.StartNew(close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Wait("closed", _ => closing, Left(time, begun) + (timeoutMilliseconds < 0 ? _grace : TimeSpan.Zero)) && isCommitted;
    }

    private bool Commit(TimeSpan time) => Wait("synced to the disk", source.CommitAsync, time);

    private bool Deliver(TimeSpan time)
    {
        FlushResult result = default;
        bool isDone = Wait("delivered", async cancel => result = await source.FlushAsync(cancel).ConfigureAwait(false), time);
        return isDone && result.Waiting == 0;
    }

    /// <summary>False when the time is over, or what was begun failed.</summary>
    private bool Wait(string what, Func<CancellationToken, Task> begin, TimeSpan time)
    {
        // Not disposed: what was begun may look at it later than this.
        CancellationTokenSource cancel = new();
        try
        {
            Task task = begin(cancel.Token);
            if (task.Wait(time))
            {
                return true;
            }

            _ = cancel.CancelAsync();
            _ = task.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return false;
        }
        catch (ThreadInterruptedException)
        {
            // Meant for the program's own waits.
            _ = cancel.CancelAsync();
            Thread.CurrentThread.Interrupt();
            return false;
        }
        catch (Exception exception)
        {
            Exception cause = exception is AggregateException { InnerException: { } inner } ? inner : exception;
            failures.FlushFailed($"Not everything could be {what}. {cause.Message}", cause);
            return false;
        }
    }

    private TimeSpan TimeOf(int milliseconds) => milliseconds < 0 ? settings.ShutdownTimeout : TimeSpan.FromMilliseconds(milliseconds);

    private static TimeSpan Left(TimeSpan time, long begun)
    {
        TimeSpan left = time - TimeProvider.System.GetElapsedTime(begun);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
