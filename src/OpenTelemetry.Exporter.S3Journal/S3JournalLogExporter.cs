using OpenTelemetry.Exporter.S3Journal.Registration;
using OpenTelemetry.Exporter.S3Journal.Signals;
using OpenTelemetry.Logs;
using Sink.Core;

namespace OpenTelemetry.Exporter;

/// <summary>
/// Stores log records in a journal on the local disk, which delivers them as OTLP: for a pipeline of your own; <c>AddS3JournalExporter</c> makes the usual one. Safe for concurrent use. The
/// resource is that of <see cref="BaseExporter{T}.ParentProvider"/>, read at the first record.
/// </summary>
public sealed class S3JournalLogExporter : BaseExporter<LogRecord>
{
    private readonly SignalWriter<LogRecord> _writer;

    /// <summary>Opens the journal. When the environment hinders that (directory not writable, disk full) it is reported, and tried again by later records.</summary>
    /// <exception cref="JournalException">A setting is wrong; the message lists each.</exception>
    public S3JournalLogExporter(S3JournalExporterOptions options)
        : this(SignalWriter<LogRecord>.Start(LogSignal.Instance, options ?? throw new ArgumentNullException(nameof(options)), ExporterSetup.LimitsOfEnvironment()))
    {
    }

    internal S3JournalLogExporter(SignalWriter<LogRecord> writer) => _writer = writer;

    /// <summary>Appends the records; they survive the process from then on. Failure when one of them was not stored: that is counted and reported, and the others are stored all the same.</summary>
    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        using IDisposable suppressed = SuppressInstrumentationScope.Begin();
        bool isComplete = true;
        foreach (LogRecord record in batch)
        {
            isComplete &= _writer.Append(record, ParentProvider);
        }

        return isComplete ? ExportResult.Success : ExportResult.Failure;
    }

    /// <summary>Returns when everything appended is synced to the disk, with <see cref="S3JournalExporterOptions.ForceFlushDelivers"/> when it is delivered, or when the time is over. The SDK's own batch processor does not pass its flush on to exporters.</summary>
    protected override bool OnForceFlush(int timeoutMilliseconds) => _writer.ForceFlush(timeoutMilliseconds);

    /// <summary>Ends intake and closes the journal, unless others have it open; what is not delivered in time stays on disk for the next start.</summary>
    protected override bool OnShutdown(int timeoutMilliseconds) => _writer.Shutdown(timeoutMilliseconds);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _writer.Dispose();
        }

        base.Dispose(disposing);
    }
}
