using System.Reflection;
using S3Journal.Proofs;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Races;

/// <summary>The end of a journal beside everything else that may go on at that moment.</summary>
public sealed class ClosingTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task DisposedByManyThreadsWhileTheLogRollsItLosesNothing()
    {
        // The second segment is being made when the handles go.
        using ManualResetEventSlim rolling = new();
        using ManualResetEventSlim release = new();
        int segments = 0;
        _bench.BeforeCall = call =>
        {
            if (call.Kind == DiskCallKind.Create && call.Name.EndsWith(SegmentName.Suffix, StringComparison.Ordinal) && Interlocked.Increment(ref segments) == 2)
            {
                rolling.Set();
                Assert.True(release.Wait(JournalBench.Generous));
            }
        };
        Journal[] handles = [_bench.Open(Patient), _bench.Open(Patient)];
        using Barrier start = new(1);
        Task<int> appender = Task.Factory.StartNew(() => AppendUntilClosed(handles[0], 0, start), TaskCreationOptions.LongRunning);
        Assert.True(rolling.Wait(JournalBench.Generous));
        Task[] disposals = [.. Enumerable.Range(0, 8).Select(i => Dispose(handles[i % 2], isAsync: i > 3))];

        // The appender may stand before a full ring: it is let go, and its entry refused.
        int stored = await appender.WaitAsync(JournalBench.Generous);
        Assert.All(disposals.Skip(1), disposal => Assert.False(disposal.IsFaulted));
        release.Set();
        await Task.WhenAll(disposals).WaitAsync(JournalBench.Generous);
        Assert.Equal(stored, _bench.Store.Entries.Count);
        Assert.Empty(_bench.Failures);

        static void Patient(JournalOptions options)
        {
            options.SegmentBytes = 32 << 10;
            options.StallAfter = TimeSpan.FromMinutes(1);
            options.ShutdownTimeout = JournalBench.Generous;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DisposedTwiceByManyThreadsInAnOutageItEndsInTimeAndDeliversOnceLater(bool takesCancellation)
    {
        TaskCompletionSource reached = new();
        TaskCompletionSource release = new();
        _bench.Store.OnPut = async (_, cancel) =>
        {
            reached.TrySetResult();
            await (takesCancellation ? release.Task.WaitAsync(cancel) : release.Task);
            return null;
        };
        Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        LaneHost host = StuckDisk.HostOf(_bench);
        for (int i = 0; i < 10; i++)
        {
            JournalBench.Append(journal, i, "orders/" + (i % 2));
        }

        Task<FlushResult> flush = journal.FlushAsync();
        await reached.Task.WaitAsync(JournalBench.Generous);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Dispose(journal, isAsync: i % 2 == 0))).WaitAsync(JournalBench.Generous);
        await Assert.ThrowsAsync<JournalException>(() => flush.WaitAsync(JournalBench.Generous));
        Assert.Equal(10, _bench.WaitForFailure(f => f.Kind == JournalFailureKind.Final).Entries);
        journal.Dispose();
        Assert.Equal(takesCancellation, host.HasEnded);

        // A put that nothing can cut off lands after the end: the next open must know it for its own.
        release.SetResult();
        JournalBench.Until(() => host.HasEnded);
        _bench.Store.ComeBack();
        using Journal next = _bench.Open();
        await next.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{{\"n\":{i}}}").Order(), _bench.Store.Entries.Order());
        Assert.Single(_bench.Failures, f => f.Kind == JournalFailureKind.Final);
    }

    // Who is inside copies into the map, which goes when the closing is over.
    [Fact]
    public void AClosingWaitsForTheAppendThatIsInside()
    {
        using Journal journal = _bench.Open();
        JournalLog log = StuckDisk.HostOf(_bench).Lane.Log;
        Lock appendLock = (Lock)typeof(JournalLog).GetField("_appendLock", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(log)!;
        lock (appendLock)
        {
            bool isClosed = true;
            Thread closing = new(() => isClosed = log.Close(TimeSpan.FromMilliseconds(1)));
            closing.Start();
            closing.Join();
            Assert.False(isClosed);
        }

        Assert.True(log.Close(JournalBench.Generous));
        Assert.Equal(AppendResult.Closed, JournalBench.Append(journal, 1));
    }

    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public async Task AnAppendBesideADisposeIsStoredAndDeliveredOrRefused()
    {
        long rounds = LongForm.Count(20, 2_000);
        long stored = 0;
        long refused = 0;
        for (int round = 0; round < rounds; round++)
        {
            JournalBench bench = new();
            using StuckDisk disk = new(bench);
            disk.IsStuck = round % 2 == 0;
            Journal journal = bench.Open(o => o.ShutdownTimeout = JournalBench.Generous);
            using Barrier start = new(4);
            Task<int>[] appenders = [.. Enumerable.Range(0, 3).Select(i => Task.Factory.StartNew(() => AppendUntilClosed(journal, i, start), TaskCreationOptions.LongRunning))];
            start.SignalAndWait();
            Task disposal = Dispose(journal, isAsync: round % 4 == 0);
            if (round % 2 == 0)
            {
                // The last commit hangs while appenders still come: those that it does not see must have been refused.
                disk.WaitUntilHung();
                disk.Release();
            }

            int all = (await Task.WhenAll(appenders).WaitAsync(JournalBench.Generous)).Sum();
            await disposal.WaitAsync(JournalBench.Generous);
            Assert.Equal(all, bench.Store.Entries.Count);
            Assert.Equal(all, bench.Store.Entries.Distinct().Count());
            stored += all;
            refused += journal.GetStats().Dropped[DropCause.Closed];
        }

        Figures.Report("append beside dispose", ("rounds", rounds), ("stored and delivered", stored), ("refused", refused));
    }

    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public async Task AFlushBesideAppendsCoversWhatWasStoredBeforeIt()
    {
        int flushes = (int)LongForm.Count(40, 2_000);
        using Journal journal = _bench.Open();
        using CancellationTokenSource stop = new();
        using SemaphoreSlim turns = new(300);
        long[] stored = new long[3];
        Task[] appenders = [.. Enumerable.Range(0, stored.Length).Select(i => Task.Factory.StartNew(
            () =>
            {
                JournalStream stream = journal.GetStream("orders/" + i);
                for (int n = 0; !stop.IsCancellationRequested;)
                {
                    // Beside the flushes, but not so far ahead of them that the packer only runs after it.
                    turns.Wait(JournalBench.Generous);
                    if (stream.Append(DateTimeOffset.UtcNow, JournalBench.Entry(n, 200)) == AppendResult.Stored)
                    {
                        Volatile.Write(ref stored[i], ++n);
                    }
                }
            },
            TaskCreationOptions.LongRunning))];
        long[] delivered = new long[stored.Length];
        int seen = 0;
        for (int flush = 0; flush < flushes; flush++)
        {
            turns.Release(300);
            long[] before = [.. stored.Select((_, i) => Volatile.Read(ref stored[i]))];
            await Task.WhenAll(journal.FlushAsync(), journal.FlushAsync()).WaitAsync(JournalBench.Generous);
            IReadOnlyList<StoredBytes> objects = _bench.Store.Objects;
            foreach (StoredBytes there in objects.Skip(seen))
            {
                delivered[there.Document.Stream[^1] - '0'] += there.Lines.Count;
            }

            seen = objects.Count;
            Assert.All(before.Zip(delivered), pair => Assert.True(pair.Second >= pair.First, $"{pair.First} were stored before the flush, and {pair.Second} delivered after it"));
        }

        stop.Cancel();
        turns.Release(stored.Length);
        await Task.WhenAll(appenders).WaitAsync(JournalBench.Generous);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(stored.Sum(), _bench.Store.Objects.Sum(o => (long)o.Lines.Count));
        Figures.Report("flush beside append", ("flushes", 2 * flushes), ("entries", stored.Sum()));
    }

    [Fact]
    public async Task AFlushBesideADisposeEndsOneWayOrTheOther()
    {
        for (int round = 0; round < 20; round++)
        {
            JournalBench bench = new();
            Journal journal = bench.Open();
            JournalBench.Append(journal, round);
            using Barrier start = new(5);
            Task<bool>[] flushes = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    try
                    {
                        return journal.FlushAsync().WaitAsync(JournalBench.Generous).GetAwaiter().GetResult().Waiting == 0;
                    }
                    catch (JournalException)
                    {
                        return true;
                    }
                },
                TaskCreationOptions.LongRunning))];
            start.SignalAndWait();
            await Dispose(journal, isAsync: round % 2 == 0).WaitAsync(JournalBench.Generous);
            Assert.All(await Task.WhenAll(flushes).WaitAsync(JournalBench.Generous), Assert.True);
            Assert.Single(bench.Store.Entries);
        }
    }

    private static Task Dispose(Journal journal, bool isAsync) => isAsync
        ? Task.Run(() => journal.DisposeAsync().AsTask())
        : Task.Factory.StartNew(journal.Dispose, TaskCreationOptions.LongRunning);

    private static int AppendUntilClosed(Journal journal, int thread, Barrier start)
    {
        // One entry before the end may come: else there may be nothing to commit.
        JournalStream stream = journal.GetStream("orders");
        int stored = stream.Append(DateTimeOffset.UtcNow, JournalBench.Entry(thread)) == AppendResult.Stored ? 1 : 0;
        start.SignalAndWait();
        for (int n = 1; ; n++)
        {
            switch (stream.Append(DateTimeOffset.UtcNow, JournalBench.Entry((n * 3) + thread, 100)))
            {
                case AppendResult.Stored:
                    stored++;
                    break;
                case AppendResult.Closed:
                    return stored;
            }
        }
    }
}
