using Sink.Core.Delivery;
using Sink.Core.Storage;

namespace Sink.Core.Tests.Journals;

public class FlushTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task AFlushDeliversAllThatWasAppendedBefore()
    {
        using Journal journal = _bench.Open();
        for (int i = 0; i < 3000; i++)
        {
            Assert.Equal(AppendResult.Stored, JournalBench.Append(journal, i, "orders/" + (i % 3)));
        }

        FlushResult flushed = await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(new FlushResult(3000, 0), flushed);
        Assert.Equal(3000, _bench.Store.Entries.Count);
        Assert.Equal(3, _bench.Store.Objects.Count);
        Assert.Equal(default, await journal.FlushAsync().WaitAsync(JournalBench.Generous));
    }

    [Fact]
    public async Task FlushesThatComeTogetherShareTheirRounds()
    {
        using Journal journal = _bench.Open();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            JournalBench.Append(journal, i);
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        })));
        Assert.Equal(50, _bench.Store.Entries.Count);
        Assert.InRange(_bench.Store.Objects.Count, 1, 40);

        JournalBench.Append(journal, 50);
        int before = _bench.Store.Objects.Count;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => journal.FlushAsync())).WaitAsync(JournalBench.Generous);
        Assert.Equal(before + 1, _bench.Store.Objects.Count);
    }

    [Fact]
    public async Task WithTheStoreAwayTheTokenEndsAFlushWithWhatWaits()
    {
        _bench.Store.GoAway();
        using Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.Zero);
        for (int i = 0; i < 10; i++)
        {
            JournalBench.Append(journal, i);
        }

        using CancellationTokenSource cancel = new();
        Task<FlushResult> flush = journal.FlushAsync(cancel.Token);
        _bench.WaitForFailure(f => f.Kind == JournalFailureKind.Temporary && f.Message.Contains("away"));
        JournalBench.Append(journal, 10);
        cancel.Cancel();
        Assert.Equal(new FlushResult(0, 10), await flush.WaitAsync(JournalBench.Generous));

        _bench.Store.ComeBack();
        Assert.Equal(new FlushResult(11, 0), await journal.FlushAsync().WaitAsync(JournalBench.Generous));
    }

    [Fact]
    public async Task WhatAnEarlierRunLeftIsFlushedToo()
    {
        _bench.Store.GoAway();
        using (Journal earlier = _bench.Open(o => o.ShutdownTimeout = TimeSpan.Zero))
        {
            JournalBench.Append(earlier, 1);
        }

        Assert.Equal(1, _bench.WaitForFailure(f => f.Kind == JournalFailureKind.Final).Entries);
        _bench.Store.ComeBack();
        using Journal journal = _bench.Open();
        JournalBench.Append(journal, 2);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(["{\"n\":1}", "{\"n\":2}"], _bench.Store.Entries);
    }

    [Fact]
    public async Task ARefusedObjectIsNamedAndTheOthersAreDelivered()
    {
        _bench.Store.OnPut = (put, _) => Task.FromResult<PutResult?>(put.Key.StartsWith("bad", StringComparison.Ordinal) ? new PutResult(PutOutcome.Rejected, "key refused") : null);
        using Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        JournalBench.Append(journal, 1, "bad");
        JournalBench.Append(journal, 2, "good");
        JournalException refused = await Assert.ThrowsAsync<JournalException>(() => journal.FlushAsync().WaitAsync(JournalBench.Generous));
        Assert.Contains(".sealed", refused.Message);
        Assert.Contains("memory://store", refused.Message);
        Assert.Equal("{\"n\":2}", Assert.Single(_bench.Store.Entries));
        Assert.Contains("bad/", _bench.WaitForFailure(f => f.Message.Contains("key refused")).Message);
    }

    [Fact]
    public async Task ALogThatCannotCommitEndsAFlushWithAnError()
    {
        using Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.Zero);
        _bench.Disk.Fault = call => call.Site == SyncSite.Commit ? new IOException("the disk fails") : null;
        JournalBench.Append(journal, 1);
        JournalException failed = await Assert.ThrowsAsync<JournalException>(() => journal.FlushAsync().WaitAsync(JournalBench.Generous));
        Assert.Contains("the disk fails", failed.Message);

        _bench.Disk.Fault = null;
        Assert.Equal(1, (await JournalBench.FlushWhenItCan(journal)).Delivered);
    }

    [Fact]
    public async Task APackerThatCannotSealEndsAFlushWithAnError()
    {
        using Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.Zero);
        _bench.Disk.Fault = call => call.Site == SyncSite.Checkpoint ? new IOException("the checkpoint fails") : null;
        JournalBench.Append(journal, 1);
        JournalException failed = await Assert.ThrowsAsync<JournalException>(() => journal.FlushAsync().WaitAsync(JournalBench.Generous));
        Assert.Contains("the checkpoint fails", failed.Message);

        _bench.Disk.Fault = null;
        await JournalBench.FlushWhenItCan(journal);
        Assert.Single(_bench.Store.Entries);
    }

    [Fact]
    public async Task AnObjectThatRottedInTheBacklogIsSetAsideAndDoesNotHoldUpAFlush()
    {
        // The store finds that the bytes are not those that were sealed; no object is open, so nothing else wakes the packer.
        _bench.Store.OnPut = (put, _) =>
        {
            if (!put.Key.StartsWith("rotten", StringComparison.Ordinal))
            {
                return Task.FromResult<PutResult?>(null);
            }

            _bench.Disk.FlipBit(_bench.Disk.ListFiles().Single(path => path.EndsWith('/' + put.Data.Name, StringComparison.Ordinal)), 0, 0);
            return Task.FromResult<PutResult?>(new PutResult(PutOutcome.Damaged));
        };
        using Journal journal = _bench.Open();
        JournalBench.Append(journal, 1, "rotten");
        Assert.Equal(default, await journal.FlushAsync().WaitAsync(JournalBench.Generous));
        Assert.Equal(1, journal.GetStats().Dropped[DropCause.Damaged]);
        Assert.Equal(0, journal.GetStats().BacklogEntries);

        JournalBench.Append(journal, 2, "sound");
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        ObjectMetadata announced = Assert.Single(_bench.Store.Objects).Document;
        Assert.Equal(new OrdinalRange(0, 0), Assert.Single(announced.Drops));
        Assert.Equal(new DroppedEntries(0, 0, 1), announced.Dropped);
    }

    [Fact]
    public async Task AFlushThatWaitsWhenTheJournalClosesIsToldSo()
    {
        _bench.Store.GoAway();
        Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.Zero);
        JournalBench.Append(journal, 1);
        Task<FlushResult> flush = journal.FlushAsync();
        _bench.WaitForFailure(f => f.Message.Contains("away"));
        journal.Dispose();
        await Assert.ThrowsAsync<JournalException>(() => flush.WaitAsync(JournalBench.Generous));
    }

    [Fact]
    public async Task FlushingAllFlushesEveryOpenJournal()
    {
        JournalBench other = new();
        using Journal first = _bench.Open();
        using Journal second = other.Open();
        JournalBench.Append(first, 1);
        JournalBench.Append(second, 2);

        // Journals of tests that run beside this one are flushed too, and may refuse for reasons of their own.
        await Task.WhenAny(Journal.FlushAllAsync(JournalBench.Generous));
        Assert.Single(_bench.Store.Entries);
        Assert.Single(other.Store.Entries);
    }

    [Fact]
    public async Task OnARealDiskWithAFileInTheStoresPlaceAFlushEndsByItsToken()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("s3journal-");
        try
        {
            string blocked = Path.Combine(root.FullName, "blocked");
            File.WriteAllText(blocked, "a file, not a directory");
            List<JournalFailure> failures = [];
            using ManualResetEventSlim reported = new();
            JournalOptions options = new()
            {
                Destination = new Uri(Path.Combine(blocked, "store")).AbsoluteUri,
                LocalDirectory = Path.Combine(root.FullName, "local"),
                MinFreeDiskBytes = 0,
                ShutdownTimeout = TimeSpan.FromSeconds(5),
            };
            options.OnFailure(_ => reported.Set());
            using Journal journal = Journal.Open(options);
            JournalBench.Append(journal, 1);
            using CancellationTokenSource cancel = new();
            Task<FlushResult> flush = journal.FlushAsync(cancel.Token);
            Assert.True(reported.Wait(JournalBench.Generous));
            cancel.Cancel();
            Assert.Equal(1, (await flush.WaitAsync(JournalBench.Generous)).Waiting);

            File.Delete(blocked);
            Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
