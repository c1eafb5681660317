using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Benchmarks.Peers;

/// <summary>Exports to nowhere.</summary>
internal sealed class CountingExporter : BaseExporter<LogRecord>
{
    public long Exported { get; private set; }

    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        Exported += batch.Count;
        return ExportResult.Success;
    }
}
