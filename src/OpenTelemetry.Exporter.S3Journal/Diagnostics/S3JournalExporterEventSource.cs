using System.Diagnostics.Tracing;

namespace OpenTelemetry.Exporter.S3Journal.Diagnostics;

/// <summary>What the exporter tells OpenTelemetry's self-diagnostics, once per change of state. The journal's own failures go to the listeners of the options.</summary>
[EventSource(Name = "OpenTelemetry-Exporter-S3Journal")]
internal sealed class S3JournalExporterEventSource : EventSource
{
    private S3JournalExporterEventSource()
    {
    }

    public static S3JournalExporterEventSource Log { get; } = new();

    [NonEvent]
    public void JournalNotOpen(string signal, string message, Exception? exception)
    {
        if (IsEnabled(EventLevel.Error, EventKeywords.All))
        {
            JournalNotOpen(signal, message, TextOf(exception));
        }
    }

    [NonEvent]
    public void RecordsRefused(string signal, string message, Exception? exception)
    {
        if (IsEnabled(EventLevel.Error, EventKeywords.All))
        {
            RecordsRefused(signal, message, TextOf(exception));
        }
    }

    [NonEvent]
    public void FlushFailed(string signal, string message, Exception? exception)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.All))
        {
            FlushFailed(signal, message, TextOf(exception));
        }
    }

    [Event(1, Message = "No journal for {0}: {1} {2}", Level = EventLevel.Error)]
    public void JournalNotOpen(string signal, string message, string exception) => WriteEvent(1, signal, message, exception);

    [Event(2, Message = "Records of {0} are not stored: {1} {2}", Level = EventLevel.Error)]
    public void RecordsRefused(string signal, string message, string exception) => WriteEvent(2, signal, message, exception);

    [Event(3, Message = "Records of {0} are dropped: the journal's disk space is used up, or its disk hangs.", Level = EventLevel.Error)]
    public void RecordsDropped(string signal)
    {
        if (IsEnabled(EventLevel.Error, EventKeywords.All))
        {
            WriteEvent(3, signal);
        }
    }

    [Event(4, Message = "Records of {0} are stored again; {1} were not.", Level = EventLevel.Informational)]
    public void RecordsStoredAgain(string signal, long lost)
    {
        if (IsEnabled(EventLevel.Informational, EventKeywords.All))
        {
            WriteEvent(4, signal, lost);
        }
    }

    [Event(5, Message = "A record of {0} is larger than MaxEntryBytes; it is stored shortened. Later ones are shortened without an event.", Level = EventLevel.Warning)]
    public void RecordTruncated(string signal)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.All))
        {
            WriteEvent(5, signal);
        }
    }

    [Event(6, Message = "A flush of {0} did not end well: {1} {2}", Level = EventLevel.Warning)]
    public void FlushFailed(string signal, string message, string exception) => WriteEvent(6, signal, message, exception);

    [Event(7, Message = "The exporter of {0} has ended; {1} records were not stored.", Level = EventLevel.Warning)]
    public void EndedWithLosses(string signal, long lost)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.All))
        {
            WriteEvent(7, signal, lost);
        }
    }

    [Event(8, Message = "The setting {0} cannot be read and does not count: {1}", Level = EventLevel.Warning)]
    public void InvalidSetting(string name, string value)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.All))
        {
            WriteEvent(8, name, value);
        }
    }

    private static string TextOf(Exception? exception)
    {
        try
        {
            return exception?.ToString() ?? "";
        }
        catch (Exception)
        {
            // It is of the program's own making, and has no text to give.
            return exception!.GetType().Name;
        }
    }
}
