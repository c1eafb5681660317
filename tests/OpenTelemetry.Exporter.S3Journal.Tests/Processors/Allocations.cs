using System.Diagnostics;
using System.Reflection;
using OpenTelemetry.Exporter.S3Journal.Signals;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Processors;

/// <summary>What stands between a record and the journal allocates nothing, once the stream is open.</summary>
public sealed class Allocations : IDisposable
{
    private readonly Exporting _exporting = new();

    [Fact]
    public void ARecordAllocatesNothingOnItsWay()
    {
        if (typeof(S3JournalTraceExporter).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true)
        {
            Assert.Skip("A Debug build makes boxes that an optimized one leaves out.");
        }

        SignalWriter<Activity> writer = _exporting.Writer();
        _exporting.Journal.KeepsEntries = false;
        Activity span = Exporting.Span("x");
        writer.Append(span, null);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            writer.Append(span, null);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public void Dispose() => _exporting.Dispose();
}
