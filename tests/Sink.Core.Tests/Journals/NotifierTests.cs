using Sink.Core.Diagnostics;

namespace Sink.Core.Tests.Journals;

public class NotifierTests
{
    [Fact]
    public void ASlowListenerHoldsNobodyUpAndWhatItMissesIsCounted()
    {
        Notifier notifier = new(toStandardError: false);
        using ManualResetEventSlim release = new();
        List<string> heard = [];
        notifier.AddListeners([failure =>
        {
            release.Wait(JournalBench.Generous);
            heard.Add(failure.Message);
        }]);
        for (int i = 0; i < 1000; i++)
        {
            notifier.Report(new JournalFailure(JournalFailureKind.Temporary, $"failure {i}"));
        }

        Assert.False(notifier.Drain(TimeSpan.Zero));
        Assert.Equal("failure 999", notifier.LastError);
        release.Set();
        Assert.True(notifier.Drain(JournalBench.Generous));
        Assert.InRange(heard.Count, 256, 257);
        Assert.Contains($"{1000 - heard.Count} more failures were left out", heard[^1]);
    }

    [Fact]
    public void AListenerThatThrowsCostsTheOthersNothing()
    {
        Notifier notifier = new(toStandardError: false);
        List<string> heard = [];
        notifier.AddListeners([static _ => throw new InvalidOperationException("a bad listener"), failure => heard.Add(failure.Message)]);
        notifier.Report(new JournalFailure(JournalFailureKind.Temporary, "one"));
        notifier.Report(new JournalFailure(JournalFailureKind.Temporary, "two"));
        Assert.True(notifier.Drain(JournalBench.Generous));
        Assert.Equal(["one", "two"], heard);
        Assert.Contains("a bad listener", notifier.LastError);
    }

    [Fact]
    public void DrainingFromAListenerReturnsAtOnce()
    {
        Notifier notifier = new(toStandardError: false);
        bool? drained = null;
        notifier.AddListeners([_ => drained = notifier.Drain(JournalBench.Generous)]);
        notifier.Report(new JournalFailure(JournalFailureKind.Temporary, "one"));
        Assert.True(notifier.Drain(JournalBench.Generous));
        Assert.False(drained);
    }

    [Fact]
    public void DisposingTheJournalFromAListenerDoesNotDeadlock()
    {
        JournalBench bench = new();
        using ManualResetEventSlim done = new();
        Journal? journal = null;
        journal = bench.Open(o =>
        {
            o.MaxStreams = 1;
            o.OnFailure(_ =>
            {
                journal!.Dispose();
                done.Set();
            });
        });
        JournalBench.Append(journal, 1);
        journal.GetStream("one-too-many");
        Assert.True(done.Wait(JournalBench.Generous));
        Assert.Single(bench.Store.Entries);
    }
}
