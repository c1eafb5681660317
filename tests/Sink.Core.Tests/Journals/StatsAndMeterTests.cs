using System.Diagnostics.Metrics;

namespace Sink.Core.Tests.Journals;

public class StatsAndMeterTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task TheNumbersOfEachStageAddUp()
    {
        using Journal journal = _bench.Open();
        for (int i = 0; i < 10; i++)
        {
            JournalBench.Append(journal, i);
        }

        journal.GetStream("orders").Append(DateTimeOffset.UtcNow, new byte[9000]);
        JournalBench.Until(() => journal.GetStats().Queue.OpenObjects == 1);
        JournalStats open = journal.GetStats();
        Assert.Equal(10, open.Enqueued);
        Assert.Equal(10, open.BacklogEntries);
        Assert.Equal(0, open.Uploaded);
        Assert.Equal(1, open.Dropped[DropCause.TooLarge]);
        Assert.Single(open.Dropped);
        Assert.Null(open.LastError);
        Assert.True(open.DiskBytes > 0);

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        JournalStats done = journal.GetStats();
        Assert.Equal(10, done.Uploaded);
        Assert.Equal(0, done.BacklogEntries);
        Assert.Equal(0, done.BacklogBytes);
        Assert.Equal(TimeSpan.Zero, done.OldestUndeliveredAge);
        Assert.Equal(new JournalQueueStats(0, 1, 0, 0, done.Queue.Segments, 0), done.Queue);
    }

    [Fact]
    public void TheMeterTellsOfEveryJournalAndNeverOfAStream()
    {
        Dictionary<string, string?> units = [];
        List<(string Name, double Value, string? Tag)> measured = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "S3Journal")
            {
                lock (units)
                {
                    units[instrument.Name] = instrument.Unit;
                }

                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        Journal journal = _bench.Open();
        listener.Start();
        listener.RecordObservableInstruments();
        double before = Last("s3journal.entries.appended");
        JournalBench.Append(journal, 1, "a-stream");
        journal.Dispose();
        listener.RecordObservableInstruments();

        // Of a journal that is closed too: a counter never goes back. Other tests' journals count here as well.
        Assert.True(Last("s3journal.entries.appended") >= before + 1);
        Assert.True(Last("s3journal.entries.delivered") >= 1);
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["s3journal.backlog.age"] = "s",
                ["s3journal.backlog.size"] = "By",
                ["s3journal.commit.duration"] = "s",
                ["s3journal.entries.appended"] = "{entry}",
                ["s3journal.entries.delivered"] = "{entry}",
                ["s3journal.entries.dropped"] = "{entry}",
                ["s3journal.put.duration"] = "s",
            },
            new SortedDictionary<string, string?>(units));
        lock (measured)
        {
            Assert.Contains(measured, m => m.Name == "s3journal.commit.duration");
            Assert.Contains(measured, m => m.Name == "s3journal.put.duration");
            Assert.Equal(
                Enum.GetNames<DropCause>().Select(cause => $"cause={cause}").Append(null).Order(),
                measured.Select(m => m.Tag).Distinct().Order());
        }

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string? tag = null;
            foreach (KeyValuePair<string, object?> pair in tags)
            {
                tag += $"{pair.Key}={pair.Value}";
            }

            lock (measured)
            {
                measured.Add((instrument.Name, value, tag));
            }
        }

        double Last(string name)
        {
            lock (measured)
            {
                return measured.Last(m => m.Name == name).Value;
            }
        }
    }

    [Fact]
    public void AnAppendAllocatesNothing()
    {
        using Journal journal = _bench.Open(o =>
        {
            o.RingBytes = 64 << 20;
            o.MaxBatchLatency = TimeSpan.FromSeconds(1);
        });
        JournalStream stream = journal.GetStream("orders");
        byte[] entry = JournalBench.Entry(1);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        for (int i = 0; i < 10_000; i++)
        {
            stream.Append(now, entry);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100_000; i++)
        {
            stream.Append(now, entry);
        }

        // Not one byte an entry; a wait for the lock, which other threads' turns decide, may cost some.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal(110_000, journal.GetStats().Enqueued);
    }
}
