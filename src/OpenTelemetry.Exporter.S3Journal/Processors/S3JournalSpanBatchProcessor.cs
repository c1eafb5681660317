using System.Diagnostics;
using OpenTelemetry.Exporter.S3Journal.Signals;

namespace OpenTelemetry.Exporter.S3Journal.Processors;

/// <summary>The SDK's batch processor, whose flush ends with the journal's: its own would leave it at handing the batch over.</summary>
internal sealed class S3JournalSpanBatchProcessor(SignalWriter<Activity> writer, BatchExportProcessorOptions<Activity> batch)
    : BatchActivityExportProcessor(new S3JournalTraceExporter(writer), batch.MaxQueueSize, batch.ScheduledDelayMilliseconds, batch.ExporterTimeoutMilliseconds, batch.MaxExportBatchSize)
{
    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        long begun = TimeProvider.System.GetTimestamp();
        int time = writer.Flushes.MillisecondsOf(timeoutMilliseconds);
        return base.OnForceFlush(time) && writer.ForceFlush(TimedFlush.Left(time, begun));
    }
}
