using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using OpenTelemetry.Trace;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Processors;

/// <summary>Records are stored by the threads that make them.</summary>
public sealed class CallersThreads : IDisposable
{
    private readonly Exporting _exporting = new();

    [Fact]
    public void FourThreadsThatLogAreInTheJournalAtOnce()
    {
        ILogger logger = _exporting.Logging().CreateLogger("x");

        Assert.Equal(4, Meet(() => logger.LogInformation("x")));
    }

    [Fact]
    public void FourThreadsThatEndSpansAreInTheJournalAtOnce()
    {
        _exporting.Tracing();

        Assert.Equal(4, Meet(() => _exporting.Activities.StartActivity("x")!.Dispose()));
    }

    [Fact]
    public void ARecordIsInTheJournalWhenTheCallReturns()
    {
        ILogger logger = _exporting.Logging().CreateLogger("x");
        for (int i = 1; i <= 3; i++)
        {
            logger.LogInformation("x");
            Assert.Equal(i, _exporting.Journal.Entries.Count);
        }
    }

    [Fact]
    public void SpansThatAreNotRecordedAreSkipped()
    {
        _exporting.Tracing(tracing: static tracing => tracing.SetSampler(new RecordOnly()));
        _exporting.Activities.StartActivity("x")!.Dispose();

        Assert.Empty(_exporting.Journal.Entries);
    }

    public void Dispose() => _exporting.Dispose();

    /// <summary>How many of four threads were inside of an append when the last came.</summary>
    private int Meet(Action record)
    {
        int met = 0;
        using Barrier barrier = new(4);
        _exporting.Journal.Appending = () =>
        {
            if (barrier.SignalAndWait(Exporting.Limit))
            {
                Interlocked.Increment(ref met);
            }
        };
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() => record()))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        _exporting.Journal.Appending = null;
        return met;
    }

    private sealed class RecordOnly : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(SamplingDecision.RecordOnly);
    }
}
