using System.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Tests.Journals;

/// <summary>The journal's own threads and flows meet the application's code: logs, listeners, pools.</summary>
public class OwnWorkTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task WhatTheStoresClientLogsWhileItPutsIsCountedAndNotStored()
    {
        Journal? journal = null;
        _bench.Store.OnPut = async (_, _) =>
        {
            Assert.Equal(AppendResult.Dropped, JournalBench.Append(journal!, 100));
            await Task.Yield();
            // On a thread of the pool by now, in the same flow.
            Assert.Equal(AppendResult.Dropped, JournalBench.Append(journal!, 101));
            await Task.Run(() => JournalBench.Append(journal!, 102));
            return null;
        };
        using (journal = _bench.Open())
        {
            JournalBench.Append(journal, 1);
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            Assert.Equal(3, journal.GetStats().Dropped[DropCause.Suppressed]);
            Assert.Equal(1, journal.GetStats().Enqueued);
        }

        Assert.Equal("{\"n\":1}", Assert.Single(_bench.Store.Entries));
        Assert.Single(_bench.Store.Objects);
    }

    [Fact]
    public async Task AListenerThatLogsIntoTheSameJournalIsStoredWhicheverThreadReported()
    {
        // The first report comes from the delivery flow, which starts the notifier's thread.
        Journal? journal = null;
        TaskCompletionSource<AppendResult> logged = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Store.GoAway();
        using (journal = _bench.Open(o => o.OnFailure(_ => logged.TrySetResult(JournalBench.Append(journal!, 2)))))
        {
            JournalBench.Append(journal, 1);
            _ = journal.FlushAsync();
            Assert.Equal(AppendResult.Stored, await logged.Task.WaitAsync(JournalBench.Generous));
            _bench.Store.ComeBack();
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        Assert.Equal(["{\"n\":1}", "{\"n\":2}"], _bench.Store.Entries);
    }

    [Fact]
    public async Task AListenerThatLogsWhileTheRingIsFullDoesNotWait()
    {
        using ManualResetEventSlim hung = new();
        using ManualResetEventSlim release = new();
        TaskCompletionSource<(AppendResult Result, TimeSpan Time)> logged = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Journal? journal = null;
        using (journal = _bench.Open(o =>
        {
            o.WhenFull = WhenFull.Block;
            o.StallAfter = TimeSpan.FromMinutes(1);
            o.MaxStreams = 1;
            o.OnFailure(_ =>
            {
                Stopwatch watch = Stopwatch.StartNew();
                logged.TrySetResult((JournalBench.Append(journal!, 1, length: 4000), watch.Elapsed));
            });
        }))
        {
            _bench.BeforeCall = call =>
            {
                if (call.Site == SyncSite.Commit)
                {
                    hung.Set();
                    release.Wait(JournalBench.Generous);
                }
            };
            JournalBench.Append(journal, 0);
            Assert.True(hung.Wait(JournalBench.Generous));
            Task blocked = Task.Factory.StartNew(
                () =>
                {
                    for (int i = 0; i < 40; i++)
                    {
                        JournalBench.Append(journal, i, length: 4000);
                    }
                },
                TaskCreationOptions.LongRunning);
            JournalBench.Until(() => journal.GetStats().BacklogBytes > 55_000);
            journal.GetStream("one-too-many");
            (AppendResult result, TimeSpan time) = await logged.Task.WaitAsync(JournalBench.Generous);
            Assert.Equal(AppendResult.Dropped, result);
            Assert.True(time < TimeSpan.FromSeconds(2), $"waited {time}");
            release.Set();
            await blocked.WaitAsync(JournalBench.Generous);
        }
    }

    [Fact]
    public void AnInterruptDoesNotLeaveALogCallAndIsKept()
    {
        using ManualResetEventSlim hung = new();
        using ManualResetEventSlim release = new();
        using Journal journal = _bench.Open(o => o.StallAfter = TimeSpan.FromSeconds(20));
        _bench.BeforeCall = call =>
        {
            if (call.Site == SyncSite.Commit)
            {
                hung.Set();
                release.Wait(JournalBench.Generous);
            }
        };
        List<AppendResult> results = [];
        bool kept = false;
        Thread caller = new(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                results.Add(JournalBench.Append(journal, i, length: 4000));
            }

            try
            {
                Thread.Sleep(0);
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                kept = true;
            }
        });
        caller.Start();
        JournalBench.Until(() => journal.GetStats().BacklogBytes > 55_000 && caller.ThreadState == System.Threading.ThreadState.WaitSleepJoin);
        caller.Interrupt();
        release.Set();
        Assert.True(caller.Join(JournalBench.Generous));
        Assert.All(results, r => Assert.Equal(AppendResult.Stored, r));
        Assert.True(kept);
        Assert.Equal(20, journal.GetStats().Enqueued);
    }

    [Fact]
    public async Task ALoopThatDiesFailsTheJournalOnceAndNobodyHangs()
    {
        Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        _bench.Store.GoAway();
        JournalBench.Append(journal, 0);
        Task<FlushResult> waiting = journal.FlushAsync();
        _bench.WaitForFailure(f => f.Message.Contains("away"));

        _bench.BeforeCall = static call =>
        {
            if (call.Site == SyncSite.Commit)
            {
                throw new InvalidOperationException("a defect");
            }
        };
        Task durable = journal.GetStream("audit").AppendDurableAsync(DateTimeOffset.UtcNow, JournalBench.Entry(1));
        await Assert.ThrowsAsync<JournalException>(() => durable.WaitAsync(JournalBench.Generous));
        await Assert.ThrowsAsync<JournalException>(() => waiting.WaitAsync(JournalBench.Generous));
        await Assert.ThrowsAsync<JournalException>(() => journal.FlushAsync().WaitAsync(JournalBench.Generous));
        Assert.Equal(AppendResult.Closed, JournalBench.Append(journal, 2));
        Assert.Throws<JournalException>(() => journal.GetStream("audit").AppendDurable(DateTimeOffset.UtcNow, JournalBench.Entry(3), JournalBench.Generous));
        JournalFailure final = _bench.WaitForFailure(f => f.Kind == JournalFailureKind.Final);
        Assert.Contains("a defect", final.Message);
        journal.Dispose();
        Assert.Single(_bench.Failures, f => f.Kind == JournalFailureKind.Final && f.Message.Contains("a defect"));

        // Nothing is lost by it: the next open has both.
        _bench.BeforeCall = null;
        _bench.Store.ComeBack();
        using Journal next = _bench.Open();
        await next.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(["{\"n\":0}", "{\"n\":1}"], _bench.Store.Entries);
    }
}
