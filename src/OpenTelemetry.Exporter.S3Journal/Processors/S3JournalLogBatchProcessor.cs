using OpenTelemetry.Exporter.S3Journal.Signals;
using OpenTelemetry.Logs;

namespace OpenTelemetry.Exporter.S3Journal.Processors;

/// <summary>The SDK's batch processor, whose flush ends with the journal's: its own would leave it at handing the batch over.</summary>
internal sealed class S3JournalLogBatchProcessor(SignalWriter<LogRecord> writer, BatchExportProcessorOptions<LogRecord> batch)
    : BatchLogRecordExportProcessor(new S3JournalLogExporter(writer), batch.MaxQueueSize, batch.ScheduledDelayMilliseconds, batch.ExporterTimeoutMilliseconds, batch.MaxExportBatchSize)
{
    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        long begun = TimeProvider.System.GetTimestamp();
        int time = writer.Flushes.MillisecondsOf(timeoutMilliseconds);
        return base.OnForceFlush(time) && writer.ForceFlush(TimedFlush.Left(time, begun));
    }
}
