using OpenTelemetry;

namespace Benchmarks.Peers;

/// <summary>Exports to nowhere.</summary>
internal sealed class CountingExporter<T> : BaseExporter<T>
    where T : class
{
    public long Exported { get; private set; }

    public override ExportResult Export(in Batch<T> batch)
    {
        Exported += batch.Count;
        return ExportResult.Success;
    }
}
