using System.Diagnostics.Metrics;

namespace Benchmarks.Measuring;

/// <summary>Counts the commits of the process's journals, by their meter.</summary>
internal sealed class CommitCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _commits;

    public CommitCounter()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "s3journal.commit.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _commits));
        _listener.Start();
    }

    public long Commits => Volatile.Read(ref _commits);

    public void Dispose() => _listener.Dispose();
}
