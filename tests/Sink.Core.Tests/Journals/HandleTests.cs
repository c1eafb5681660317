namespace Sink.Core.Tests.Journals;

public class HandleTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task TwoHandlesShareOneJournalAndTheLastCloses()
    {
        Journal first = _bench.Open();
        Journal second = _bench.Open();
        JournalBench.Append(first, 1);
        JournalBench.Append(second, 2);
        Assert.Equal(0, second.GetStats().Lane);
        Assert.Equal(2, first.GetStats().Enqueued);

        first.Dispose();
        Assert.Equal(AppendResult.Stored, JournalBench.Append(second, 3));
        await second.DisposeAsync();
        Assert.Equal(AppendResult.Closed, JournalBench.Append(second, 4));
        Assert.Equal(["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"], _bench.Store.Entries);
        Assert.True(_bench.Store.IsDisposed);
        Assert.Empty(_bench.Failures);
    }

    [Fact]
    public void OtherSettingsForAnOpenDirectoryAreAnErrorThatListsEachDifference()
    {
        using Journal first = _bench.Open();
        JournalException refused = Assert.Throws<JournalException>(() => _bench.Open(o =>
        {
            o.MaxObjectAge = TimeSpan.FromMinutes(1);
            o.WhenFull = WhenFull.Block;
        }));
        Assert.True(refused.IsConfiguration);
        Assert.Contains("- MaxObjectAge: 01:00:00 and 00:01:00", refused.Message);
        Assert.Contains("- WhenFull: DropNewest and Block", refused.Message);
        Assert.Equal(2, refused.Message.Split("\n- ").Length - 1);

        // The refused one holds nothing: the first handle's end is the journal's.
        first.Dispose();
        Assert.Equal(AppendResult.Closed, JournalBench.Append(first, 1));
    }

    [Fact]
    public void AJournalOpensAgainAtOnceInItsLaneAndWithOtherSettings()
    {
        for (int i = 0; i < 5; i++)
        {
            using Journal journal = _bench.Open(o => o.MaxBatchSize = 100 + i);
            Assert.Equal(0, journal.GetStats().Lane);
            JournalBench.Append(journal, i);
        }

        Assert.Equal(5, _bench.Store.Entries.Count);
        Assert.Equal(5, _bench.Store.Objects.Select(o => o.Document.Epoch).Distinct().Count());
        Assert.Empty(_bench.Failures);
    }

    [Fact]
    public async Task DisposingOnceMoreFromSeveralThreadsIsNothing()
    {
        Journal journal = _bench.Open();
        Journal other = _bench.Open();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            if (i % 2 == 0)
            {
                journal.Dispose();
            }
            else
            {
                await journal.DisposeAsync();
            }
        })));

        Assert.Equal(AppendResult.Stored, JournalBench.Append(other, 1));
        await other.DisposeAsync();
        await other.DisposeAsync();
        other.Dispose();
        Assert.Single(_bench.Store.Entries);
    }

    [Fact]
    public async Task WhatIsAppendedWhileTheJournalClosesIsDeliveredOrRefused()
    {
        for (int round = 0; round < 5; round++)
        {
            JournalBench bench = new();
            Journal journal = bench.Open();
            JournalStream stream = journal.GetStream("orders");
            using Barrier start = new(4);
            Task<int>[] appenders = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    int stored = 0;
                    start.SignalAndWait();
                    while (true)
                    {
                        switch (stream.Append(DateTimeOffset.UtcNow, JournalBench.Entry(stored)))
                        {
                            case AppendResult.Stored:
                                stored++;
                                break;
                            case AppendResult.Closed:
                                return stored;
                        }
                    }
                },
                TaskCreationOptions.LongRunning))];
            start.SignalAndWait();
            await journal.DisposeAsync();
            int all = (await Task.WhenAll(appenders)).Sum();
            Assert.Equal(all, bench.Store.Entries.Count);
        }
    }

    [Fact]
    public async Task HandlesOpenedAndDisposedByManyThreadsLoseNothing()
    {
        int stored = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < 10; i++)
                {
                    using Journal journal = _bench.Open();
                    if (JournalBench.Append(journal, i) == AppendResult.Stored)
                    {
                        Interlocked.Increment(ref stored);
                    }
                }
            },
            TaskCreationOptions.LongRunning)));

        // One that was closing while the next opened had its lane; whatever stays there is found by the next open.
        Journal last = _bench.Open();
        JournalBench.Until(() => _bench.Store.Entries.Count == stored);
        last.Dispose();
        Assert.Equal(40, stored);
        Assert.Equal(_bench.Store.Objects.Count, _bench.Store.Objects.Select(o => o.Key).Distinct().Count());
    }

    [Fact]
    public async Task AFlushAfterTheEndIsAnErrorAndNotAHang()
    {
        Journal journal = _bench.Open();
        journal.Dispose();
        await Assert.ThrowsAsync<JournalException>(() => journal.FlushAsync().WaitAsync(JournalBench.Generous));
    }
}
