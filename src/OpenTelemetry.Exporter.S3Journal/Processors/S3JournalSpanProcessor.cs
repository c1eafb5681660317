using System.Diagnostics;
using OpenTelemetry.Exporter.S3Journal.Signals;

namespace OpenTelemetry.Exporter.S3Journal.Processors;

/// <summary>Stores each sampled span on the thread that ends it; otherwise as <see cref="S3JournalLogProcessor"/>.</summary>
internal sealed class S3JournalSpanProcessor(SignalWriter<Activity> writer) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Recorded)
        {
            writer.Append(data, ParentProvider);
        }
    }

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
