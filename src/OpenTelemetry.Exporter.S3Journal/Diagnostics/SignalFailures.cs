using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Diagnostics;

/// <summary>Where the failures of one signal's exporter go: the listeners of the options, and the event source. Each once per change of state. Never throws.</summary>
internal sealed class SignalFailures(string signal, FrontEndFailures failures)
{
    private long _dropped;
    private long _truncated;

    // Dropped by the journal since the last that was stored.
    private long _spell;

    /// <summary>Records not stored, whoever refused them.</summary>
    public long Lost => failures.Refused + Interlocked.Read(ref _dropped);

    /// <summary>Records stored as a stand-in.</summary>
    public long Truncated => Interlocked.Read(ref _truncated);

    /// <summary>The journal could not be opened, or at the end not closed.</summary>
    public void NoConnection(JournalFailure failure)
    {
        failures.Report(failure);
        if (failure.Kind == JournalFailureKind.Final)
        {
            S3JournalExporterEventSource.Log.FlushFailed(signal, failure.Message, failure.Exception);
        }
        else
        {
            S3JournalExporterEventSource.Log.JournalNotOpen(signal, failure.Message, failure.Exception);
        }
    }

    public void Refuse(string message, Exception? exception)
    {
        if (failures.Refuse(message, exception))
        {
            S3JournalExporterEventSource.Log.RecordsRefused(signal, message, exception);
        }
    }

    /// <summary>The journal dropped a record, by its own policy; it counts and reports that to the listeners itself.</summary>
    public void Dropped()
    {
        Interlocked.Increment(ref _dropped);
        if (Interlocked.Increment(ref _spell) == 1)
        {
            S3JournalExporterEventSource.Log.RecordsDropped(signal);
        }
    }

    /// <summary>A record was stored: called for each, so it does nothing but after others were not.</summary>
    public void Stored()
    {
        long lost = failures.Stored();
        if (Volatile.Read(ref _spell) != 0)
        {
            lost += Interlocked.Exchange(ref _spell, 0);
        }

        if (lost > 0)
        {
            S3JournalExporterEventSource.Log.RecordsStoredAgain(signal, lost);
        }
    }

    public void Shortened()
    {
        if (Interlocked.Increment(ref _truncated) == 1)
        {
            failures.Report(new JournalFailure(
                JournalFailureKind.Permanent,
                $"A record ({signal}) is larger than MaxEntryBytes; it is stored shortened, with the attribute \"truncated\". Later ones are shortened without a message.",
                1));
            S3JournalExporterEventSource.Log.RecordTruncated(signal);
        }
    }

    public void FlushFailed(string message, Exception? exception)
    {
        failures.Report(new JournalFailure(JournalFailureKind.Temporary, message, 0, exception));
        S3JournalExporterEventSource.Log.FlushFailed(signal, message, exception);
    }

    public void Ended()
    {
        if (Lost > 0)
        {
            S3JournalExporterEventSource.Log.EndedWithLosses(signal, Lost);
        }
    }
}
