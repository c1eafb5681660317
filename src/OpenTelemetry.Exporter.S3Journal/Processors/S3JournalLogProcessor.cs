using OpenTelemetry.Exporter.S3Journal.Signals;
using OpenTelemetry.Logs;

namespace OpenTelemetry.Exporter.S3Journal.Processors;

/// <summary>Stores each log record on the thread that logs. The SDK's simple processor would let one thread at a time in; its batch processor holds records in memory.</summary>
internal sealed class S3JournalLogProcessor(SignalWriter<LogRecord> writer) : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data) => writer.Append(data, ParentProvider);

    protected override bool OnForceFlush(int timeoutMilliseconds) => writer.ForceFlush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds) => writer.Shutdown(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            writer.Dispose();
        }

        base.Dispose(disposing);
    }
}
