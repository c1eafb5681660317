using Sink.Core.Diagnostics;
using Sink.Core.Lanes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Races;

/// <summary>
/// A defect ends one of the journal's threads at the worst moment: the ring is full, callers are blocked without a bound
/// worth the name, and others wait for a sync, a flush, and a close. Each hears of it, and nothing that was stored is lost.
/// </summary>
public sealed class DyingThreadTests : IDisposable
{
    private readonly JournalBench _bench = new();
    private readonly BrokenClock _clock = new();
    private readonly StuckDisk _disk;

    public DyingThreadTests()
    {
        _disk = new StuckDisk(_bench);
    }

    public enum Victim
    {
        Committer,
        Packer,
        Uploader,
    }

    public void Dispose() => _disk.Dispose();

    [Theory]
    [InlineData(Victim.Committer, WhenFull.Block)]
    [InlineData(Victim.Packer, WhenFull.Block)]
    [InlineData(Victim.Uploader, WhenFull.Block)]
    [InlineData(Victim.Committer, WhenFull.DropNewest)]
    [InlineData(Victim.Packer, WhenFull.DropOldest)]
    public async Task WhoeverWaitsIsToldOnceAndTheNextOpenHasEverything(Victim victim, WhenFull policy)
    {
        _bench.Store.GoAway();
        Journal journal = Open(policy);
        JournalStream stream = journal.GetStream("orders");
        LaneHost host = StuckDisk.HostOf(_bench);
        _disk.IsStuck = true;
        Task first = stream.AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(1000));
        _disk.WaitUntilHung();
        Task<JournalException> durable = Task.Factory.StartNew(
            () => Assert.Throws<JournalException>(() => stream.AppendDurable(DateTimeOffset.UtcNow, JournalBench.Entry(1001), TimeSpan.FromMinutes(10))), TaskCreationOptions.LongRunning);
        JournalBench.Until(() => journal.GetStats().Enqueued == 2);
        Task<FlushResult> flush = journal.FlushAsync();
        Task<List<AppendResult>>[] appenders = [.. Enumerable.Range(0, 3).Select(_ => StuckDisk.FillRing(stream, 20))];
        JournalBench.Until(() => host.Lane.Log.Head - host.Lane.Log.Durable > 58_000);
        Assert.All(appenders, appender => Assert.False(appender.IsCompleted));

        Kill(victim, host);
        AppendResult[] results = [.. (await Task.WhenAll(appenders).WaitAsync(JournalBench.Generous)).SelectMany(r => r)];
        Assert.Contains("outcome unknown", (await durable.WaitAsync(JournalBench.Generous)).Message);
        await Assert.ThrowsAsync<JournalException>(() => first.WaitAsync(JournalBench.Generous));
        await Assert.ThrowsAsync<JournalException>(() => flush.WaitAsync(JournalBench.Generous));
        await Assert.ThrowsAsync<JournalException>(() => journal.FlushAsync().WaitAsync(JournalBench.Generous));
        await Assert.ThrowsAsync<JournalException>(() => stream.AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(1)).WaitAsync(JournalBench.Generous));
        Assert.Equal(AppendResult.Closed, JournalBench.Append(journal, 2));
        Assert.DoesNotContain(AppendResult.Dropped, results);

        JournalFailure told = _bench.WaitForFailure(f => f.Kind == JournalFailureKind.Final && f.Message.Contains("has failed"));
        Assert.Contains("a defect", told.Message);
        Assert.IsType<InvalidOperationException>(told.Exception);
        JournalStats stats = journal.GetStats();
        int stored = 2 + results.Count(r => r == AppendResult.Stored);
        Assert.Equal(stored, stats.Enqueued);
        Assert.Equal(results.Count(r => r == AppendResult.Closed) + 2, stats.Dropped[DropCause.Closed]);
        Assert.NotNull(stats.LastError);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(journal.Dispose, TaskCreationOptions.LongRunning))).WaitAsync(JournalBench.Generous);
        _disk.Release();
        JournalBench.Until(() => host.HasEnded);
        Assert.Single(_bench.Failures, f => f.Message.Contains("has failed"));

        _clock.BreakFor(static () => false);
        _bench.Store.ComeBack();
        using Journal next = _bench.Open(o => o.UseTimeProvider(_clock));
        Assert.Equal(0, next.GetStats().Lane);
        await next.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(stored, _bench.Store.Entries.Count);
    }

    [Fact]
    public async Task ADefectOnTheWayOfAnUploadIsToldAndDoesNotLeaveItsObjectBehind()
    {
        // The put goes on on a thread of the pool, far from the delivery loop, and nobody awaits it.
        _bench.Store.OnPut = static async (_, _) =>
        {
            await Task.Yield();
            throw new IOException("the store is away");
        };
        Journal journal = Open(WhenFull.DropNewest);
        LaneHost host = StuckDisk.HostOf(_bench);
        JournalBench.Append(journal, 1);
        _clock.BreakFor(static () => OwnWork.IsDelivery && Thread.CurrentThread.IsThreadPoolThread);
        await Assert.ThrowsAsync<JournalException>(() => journal.FlushAsync().WaitAsync(JournalBench.Generous));
        Assert.Contains("a defect", _bench.WaitForFailure(f => f.Kind == JournalFailureKind.Final).Message);
        journal.Dispose();
        JournalBench.Until(() => host.HasEnded);

        _clock.BreakFor(static () => false);
        _bench.Store.ComeBack();
        using Journal next = _bench.Open(o => o.UseTimeProvider(_clock));
        await next.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(["{\"n\":1}"], _bench.Store.Entries);
    }

    [Fact]
    public async Task TheLaneIsFreeOnlyWhenTheLastUploadHasLetGoOfItsFiles()
    {
        // One upload hangs and takes no cancellation; then the delivery thread dies.
        TaskCompletionSource reached = new();
        TaskCompletionSource release = new();
        _bench.Store.OnPut = async (_, _) =>
        {
            reached.TrySetResult();
            await release.Task;
            return null;
        };
        Journal journal = Open(WhenFull.DropNewest);
        LaneHost host = StuckDisk.HostOf(_bench);
        JournalBench.Append(journal, 1);
        Task<FlushResult> flush = journal.FlushAsync();
        await reached.Task.WaitAsync(JournalBench.Generous);
        _clock.BreakFor("s3journal deliver");
        host.Lane.Backlog.Wake();
        await Assert.ThrowsAsync<JournalException>(() => flush.WaitAsync(JournalBench.Generous));
        journal.Dispose();
        Assert.False(host.HasEnded);

        _clock.BreakFor(static () => false);
        release.SetResult();
        JournalBench.Until(() => host.HasEnded);
        using Journal next = _bench.Open(o => o.UseTimeProvider(_clock));
        await next.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(["{\"n\":1}"], _bench.Store.Entries);
    }

    private Journal Open(WhenFull policy) => _bench.Open(o =>
    {
        o.WhenFull = policy;
        o.MaxBlockTime = TimeSpan.FromMinutes(10);
        o.StallAfter = TimeSpan.FromMinutes(1);
        o.ShutdownTimeout = TimeSpan.FromMilliseconds(200);
        o.UseTimeProvider(_clock);
    });

    private void Kill(Victim victim, LaneHost host)
    {
        switch (victim)
        {
            case Victim.Committer:
                _disk.Release(new InvalidOperationException("a defect"));
                break;
            case Victim.Packer:
                _clock.BreakFor("s3journal pack");
                host.Lane.Log.OnDurable();
                break;
            default:
                _clock.BreakFor("s3journal deliver");
                host.Lane.Backlog.Wake();
                break;
        }
    }
}
