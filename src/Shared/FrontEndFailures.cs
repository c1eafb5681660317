using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>
/// Tells the listeners of the options of failures that no journal knows of: entries that came while it was not open, or could not be encoded. One report when that begins and
/// one, with the number, when it ends. When nobody listens the first is printed to standard error. Never throws.
/// </summary>
internal sealed class FrontEndFailures(IReadOnlyList<Action<JournalFailure>> listeners, bool toStandardError, TimeProvider time)
{
    private long _refused;
    private long _lastRefusal;
    private int _printed;

    // Refused since the last one that was stored: one number, so that each entry is of one spell.
    private long _spell;

    /// <summary>Entries not stored, without those that the journal counts.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Time since the last of them; null when there was none.</summary>
    public TimeSpan? SinceLastRefusal => Volatile.Read(ref _lastRefusal) is not 0 and long last ? time.GetElapsedTime(last) : null;

    /// <returns>Whether it is the first since one was stored.</returns>
    public bool Refuse(string message, Exception? exception)
    {
        Interlocked.Increment(ref _refused);

        // Never 0, which means never.
        Volatile.Write(ref _lastRefusal, time.GetTimestamp() | 1);
        bool isFirst = Interlocked.Increment(ref _spell) == 1;
        if (isFirst)
        {
            Report(new JournalFailure(JournalFailureKind.Permanent, message, 1, exception));
        }

        return isFirst;
    }

    /// <summary>An entry was stored: called for each, so it does nothing but after refusals.</summary>
    /// <returns>How many were refused before it.</returns>
    public long Stored()
    {
        if (Volatile.Read(ref _spell) != 0 && Interlocked.Exchange(ref _spell, 0) is > 0 and long refused)
        {
            // One was told when it began.
            Report(new JournalFailure(JournalFailureKind.Permanent, $"Entries are stored again; {refused} were not.", refused - 1));
            return refused;
        }

        return 0;
    }

    public void Report(JournalFailure failure)
    {
        foreach (Action<JournalFailure> listener in listeners)
        {
            try
            {
                listener(failure);
            }
            catch (ThreadInterruptedException)
            {
                // The program's thread, and meant for its own waits.
                Thread.CurrentThread.Interrupt();
            }
            catch (Exception)
            {
                // Its own affair: what it was told is told to the others all the same.
            }
        }

        if (listeners.Count == 0 && toStandardError && Interlocked.Exchange(ref _printed, 1) == 0)
        {
            Print(failure);
        }
    }

    private static void Print(JournalFailure failure)
    {
        try
        {
            Console.Error.WriteLine($"S3Journal: {failure.Message} {failure.Exception?.Message} (Said once; OnFailure hears what follows, ReportToStandardError = false ends this.)");
        }
        catch (ThreadInterruptedException)
        {
            Thread.CurrentThread.Interrupt();
        }
        catch (Exception)
        {
            // Standard error is closed, or the exception has no message to give, and nobody is left to tell.
        }
    }
}
