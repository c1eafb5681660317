using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal;

/// <summary>
/// Tells the listeners of the options of failures that no journal knows of: entries that came while it was not open, or could not be encoded. One report when that begins and
/// one, with the number, when it ends. When nobody listens the first is printed to standard error. Never throws.
/// </summary>
internal sealed class ProviderFailures(IReadOnlyList<Action<JournalFailure>> listeners, bool toStandardError)
{
    private long _refused;
    private long _refusedBefore;
    private int _printed;
    private volatile bool _refusing;

    /// <summary>Entries not stored, without those that the journal counts.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public void Refuse(string message, Exception? exception)
    {
        long before = Interlocked.Increment(ref _refused) - 1;
        if (!_refusing)
        {
            _refusing = true;
            Interlocked.Exchange(ref _refusedBefore, before);
            Report(new JournalFailure(JournalFailureKind.Permanent, message, 1, exception));
        }
    }

    /// <summary>An entry was stored: called for each, so it does nothing but after refusals.</summary>
    public void Stored()
    {
        if (_refusing)
        {
            _refusing = false;
            long missing = Refused - Interlocked.Read(ref _refusedBefore);
            Report(new JournalFailure(JournalFailureKind.Permanent, $"Entries are stored again; {missing} were not.", missing));
        }
    }

    public void Report(JournalFailure failure)
    {
        foreach (Action<JournalFailure> listener in listeners)
        {
            try
            {
                listener(failure);
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
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Standard error is closed, and nobody is left to tell.
        }
    }
}
