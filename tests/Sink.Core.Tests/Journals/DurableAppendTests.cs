using Sink.Core.Storage;

namespace Sink.Core.Tests.Journals;

public class DurableAppendTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public void AnEntryIsInASyncedSegmentWhenTheCallReturns()
    {
        using Journal journal = _bench.Open(o => o.MaxBatchLatency = TimeSpan.FromHours(1));
        JournalStream stream = journal.GetStream("audit");
        for (int i = 1; i <= 5; i++)
        {
            stream.AppendDurable(DateTimeOffset.UtcNow, JournalBench.Entry(i), JournalBench.Generous);
            Assert.Equal(i, _bench.Disk.Counts.SyncsOf(SyncSite.Commit));
        }
    }

    [Fact]
    public async Task WhatWasAppendedDurablySurvivesThePower()
    {
        // The journal of the machine that lost its power is left as it is: its handles are dead.
        Journal journal = _bench.Open(o =>
        {
            o.MaxBatchLatency = TimeSpan.FromHours(1);
            o.ShutdownTimeout = TimeSpan.Zero;
        });
        await journal.GetStream("audit").AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(1)).WaitAsync(JournalBench.Generous);
        JournalBench after = new() { Disk = _bench.Disk.Clone() };
        after.Disk.PowerLoss(1);
        journal.Dispose();

        // The clone's directory is the first bench's.
        JournalOptions options = after.Options(o => o.LocalDirectory = _bench.Options().LocalDirectory);
        using Journal next = Journal.Open(options);
        await next.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal("{\"n\":1}", Assert.Single(after.Store.Entries));
    }

    [Fact]
    public void OnADiskThatFailsTheOutcomeIsUnknown()
    {
        using Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.Zero);
        _bench.Disk.Fault = call => call.Site == SyncSite.Commit ? new IOException("the disk fails") : null;
        JournalException failed = Assert.Throws<JournalException>(() => journal.GetStream("audit").AppendDurable(DateTimeOffset.UtcNow, JournalBench.Entry(1), JournalBench.Generous));
        Assert.Contains("outcome unknown", failed.Message);
        Assert.Contains("the disk fails", failed.Message);
        Assert.False(failed.IsConfiguration);
        Assert.Equal(JournalFailureKind.Temporary, _bench.WaitForFailure(f => f.Message.Contains("the disk fails")).Kind);
    }

    [Fact]
    public async Task AFailedSyncThatANewSegmentHealsIsNotSeenByTheWaiter()
    {
        using Journal journal = _bench.Open();
        int syncs = 0;
        _bench.Disk.Fault = call => call.Site == SyncSite.Commit && Interlocked.Increment(ref syncs) == 1 ? new IOException("once") : null;
        await journal.GetStream("audit").AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(1)).WaitAsync(JournalBench.Generous);
        Assert.Equal(2, syncs);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Single(_bench.Store.Entries);
        Assert.Empty(_bench.Failures);
    }

    [Fact]
    public async Task WaitersShareSyncs()
    {
        using ManualResetEventSlim held = new();
        using ManualResetEventSlim release = new();
        using Journal journal = _bench.Open();
        JournalStream stream = journal.GetStream("audit");
        _bench.BeforeCall = call =>
        {
            if (call.Site == SyncSite.Commit && !held.IsSet)
            {
                held.Set();
                release.Wait(JournalBench.Generous);
            }
        };
        Task first = stream.AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(0));
        Assert.True(held.Wait(JournalBench.Generous));
        Task[] others = [.. Enumerable.Range(1, 64).Select(i => stream.AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(i)))];
        release.Set();
        await Task.WhenAll([first, .. others]).WaitAsync(JournalBench.Generous);
        Assert.Equal(2, _bench.Disk.Counts.SyncsOf(SyncSite.Commit));
    }

    [Fact]
    public async Task WithoutFsyncADurableAppendIsRefused()
    {
        using Journal journal = _bench.Open(o => o.Fsync = false);
        JournalStream stream = journal.GetStream("audit");
        Assert.True(Assert.Throws<JournalException>(() => stream.AppendDurable(DateTimeOffset.UtcNow, JournalBench.Entry(1), JournalBench.Generous)).IsConfiguration);
        Assert.True((await Assert.ThrowsAsync<JournalException>(() => stream.AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(1)))).IsConfiguration);
        Assert.Equal(AppendResult.Stored, JournalBench.Append(journal, 1));
        Assert.Equal(0, _bench.Disk.Counts.SyncsOf(SyncSite.Commit));
    }

    [Fact]
    public async Task CancellingEndsTheWaitAndKeepsTheEntry()
    {
        using ManualResetEventSlim release = new();
        using Journal journal = _bench.Open();
        _bench.BeforeCall = call =>
        {
            if (call.Site == SyncSite.Commit)
            {
                release.Wait(JournalBench.Generous);
            }
        };
        using CancellationTokenSource cancel = new();
        Task append = journal.GetStream("audit").AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(1), cancel.Token);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        JournalException late = Assert.Throws<JournalException>(() => journal.GetStream("audit").AppendDurable(DateTimeOffset.UtcNow, JournalBench.Entry(2), TimeSpan.FromMilliseconds(1)));
        Assert.Contains("outcome unknown", late.Message);
        release.Set();
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(2, _bench.Store.Entries.Count);
    }

    [Fact]
    public void RefusalsComeAsErrorsThatSayWhy()
    {
        Journal journal = _bench.Open();
        JournalStream stream = journal.GetStream("audit");
        Assert.Contains("MaxEntryBytes", Assert.Throws<JournalException>(() => stream.AppendDurable(DateTimeOffset.UtcNow, new byte[9000], JournalBench.Generous)).Message);
        journal.Dispose();
        Assert.Contains("closed", Assert.Throws<JournalException>(() => stream.AppendDurable(DateTimeOffset.UtcNow, JournalBench.Entry(1), JournalBench.Generous)).Message);
        Assert.True(stream.AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(1)).IsFaulted);
    }
}
