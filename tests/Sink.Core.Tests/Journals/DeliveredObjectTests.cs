using System.Diagnostics;
using Sink.Core.Diagnostics;

namespace Sink.Core.Tests.Journals;

/// <summary>Whoever asks hears of each delivered object once, and what that code does changes no delivery.</summary>
public class DeliveredObjectTests
{
    private readonly JournalBench _bench = new();
    private readonly List<DeliveredObject> _heard = [];

    [Fact]
    public async Task TheNoticesAreTheObjectsInTheBucket()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow.AddMilliseconds(-1);
        using (Journal journal = _bench.Open(o =>
        {
            o.OnObjectDelivered(Hear);
            o.OnObjectDelivered(Hear);
        }))
        {
            for (int i = 0; i < 30; i++)
            {
                JournalBench.Append(journal, i, $"s/{i % 7}");
                if (i % 10 == 9)
                {
                    await journal.FlushAsync().WaitAsync(JournalBench.Generous);
                }
            }
        }

        Assert.Equal(
            _bench.Store.Objects.Select(o => (o.Key, o.Document.Stream, o.Document.Entries, (long)o.Bytes.Length, o.Document.RawBytes, o.Document.Ordinal)).Order(),
            _heard.Select(o => (o.Key, o.Stream, o.Entries, o.Bytes, o.RawBytes, o.Ordinal)).Order());
        Assert.Equal(30, _heard.Sum(o => o.Entries));
        Assert.All(_heard, o => Assert.True(before <= o.Start && o.Start <= o.End && o.OpenedAt <= o.DeliveredAt && o.End <= o.DeliveredAt && o.PutTime >= TimeSpan.Zero));
    }

    [Fact]
    public async Task TriesWhoseAnswersWereLostMakeOneNotice()
    {
        int puts = 0;
        _bench.Store.OnPut = (put, _) =>
        {
            if (++puts == 2)
            {
                _bench.Store.Plant(Fakes.ScriptedStore.Landed(put));
            }

            return Task.FromResult<PutResult?>(puts <= 2 ? new PutResult(PutOutcome.Unavailable, "no answer") : null);
        };
        using (Journal journal = _bench.Open(o => o.OnObjectDelivered(Hear)))
        {
            JournalBench.Append(journal, 1);
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        Assert.Equal(3, puts);
        Assert.Equal(Assert.Single(_bench.Store.Objects).Key, Assert.Single(_heard).Key);
    }

    [Fact]
    public void AnObjectThatWasNotConfirmedHasNoNoticeUntilALaterProcessDeliversIt()
    {
        _bench.Store.GoAway();
        using (Journal journal = _bench.Open(o =>
        {
            o.ShutdownTimeout = TimeSpan.FromMilliseconds(200);
            o.OnObjectDelivered(Hear);
        }))
        {
            JournalBench.Append(journal, 1);
        }

        Assert.Empty(_heard);
        _bench.Store.ComeBack();
        _bench.Open(o => o.OnObjectDelivered(Hear)).Dispose();
        Assert.Single(_heard);
    }

    /// <summary>The ancestor's mistake: a throwing callback counted as a failed upload and doubled the object.</summary>
    [Fact]
    public async Task AThrowingCallbackIsReportedOnceAndDoublesNothing()
    {
        bool throws = true;
        using (Journal journal = _bench.Open(o =>
        {
            o.OnObjectDelivered(_ =>
            {
                if (throws)
                {
                    throw new InvalidOperationException("a bad callback");
                }
            });
            o.OnObjectDelivered(Hear);
        }))
        {
            for (int i = 0; i < 3; i++)
            {
                JournalBench.Append(journal, i);
                await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            }

            JournalFailure failure = Assert.Single(_bench.Failures);
            Assert.Equal(JournalFailureKind.Temporary, failure.Kind);
            Assert.Contains("a bad callback", failure.Message);
            Assert.Equal(0, journal.GetStats().Queue.Retried);

            // It succeeds, and fails again: that is news.
            throws = false;
            JournalBench.Append(journal, 3);
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            Assert.Single(_bench.Failures);
            throws = true;
            JournalBench.Append(journal, 4);
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            Assert.Equal(2, _bench.Failures.Count);
        }

        Assert.Equal(5, _bench.Store.Puts);
        Assert.Equal(5, _heard.Count);
    }

    [Fact]
    public async Task ACallbackThatBlocksHoldsUpNeitherDeliveriesNorTheEnd()
    {
        using ManualResetEventSlim release = new();
        using Journal journal = _bench.Open(o =>
        {
            o.ShutdownTimeout = TimeSpan.FromMilliseconds(200);
            o.OnObjectDelivered(_ => release.Wait(JournalBench.Generous));
        });
        for (int i = 0; i < 5; i++)
        {
            JournalBench.Append(journal, i);
            Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);
        }

        Stopwatch watch = Stopwatch.StartNew();
        journal.Dispose();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        release.Set();
    }

    [Fact]
    public void FailuresComeBeforeNoticesAndNoticesLeftOutAreCounted()
    {
        Notifier notifier = new(toStandardError: false);
        using ManualResetEventSlim release = new();
        List<string> heard = [];
        notifier.AddListeners([failure => heard.Add(failure.Message)]);
        notifier.AddDeliveryListeners([delivered =>
        {
            release.Wait(JournalBench.Generous);
            heard.Add(delivered.Key);
        }]);
        notifier.Tell(Notice(0));
        JournalBench.Until(() => notifier.WaitingDeliveries == 0);
        for (int i = 1; i <= 10_003; i++)
        {
            notifier.Tell(Notice(i));
        }

        notifier.Report(new JournalFailure(JournalFailureKind.Temporary, "a failure"));
        release.Set();
        Assert.True(notifier.Drain(JournalBench.Generous));
        Assert.Equal("0", heard[0]);
        Assert.Contains("10000 notices wait", heard[1]);
        Assert.Equal("a failure", heard[2]);
        Assert.Equal("1", heard[3]);
        Assert.Equal("10000", heard[^2]);
        Assert.Contains("3 notices of delivered objects were left out", heard[^1]);
        Assert.Equal(10_001 + 3, heard.Count);
    }

    private static DeliveredObject Notice(int n) => new()
    {
        Key = $"{n}", Stream = "s", Entries = 1, Bytes = 1, RawBytes = 1, Start = default, End = default, OpenedAt = default, DeliveredAt = default, PutTime = default, Lane = 0, Ordinal = n,
    };

    private void Hear(DeliveredObject delivered)
    {
        lock (_heard)
        {
            _heard.Add(delivered);
        }
    }
}
