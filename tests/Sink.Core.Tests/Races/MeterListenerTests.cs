using System.Diagnostics.Metrics;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Races;

/// <summary>Alone: a listener of the meter hears of every journal in the process.</summary>
[Collection(typeof(ProcessWide))]
public sealed class MeterListenerTests
{
    [Fact]
    public async Task AListenerOfTheMeterThatThrowsEndsNeitherTheCommitterNorADelivery()
    {
        JournalBench bench = new();
        int thrown = 0;
        using MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Meter.Name == "S3Journal")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) =>
        {
            Interlocked.Increment(ref thrown);
            throw new InvalidOperationException("a bad listener");
        });
        listener.Start();
        using Journal journal = bench.Open();
        for (int i = 0; i < 3; i++)
        {
            await journal.GetStream("orders").AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(i)).WaitAsync(JournalBench.Generous);
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        Assert.True(thrown >= 6, $"{thrown} measurements");
        Assert.Equal(3, bench.Store.Entries.Count);
        Assert.Equal(3, bench.Store.Puts);
        Assert.Empty(bench.Failures);
    }
}
