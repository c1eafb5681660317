using Extensions.Logging.S3Journal.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.Loggers;

public sealed class FailuresOfTheProvider
{
    [Fact]
    public void AJournalThatIsNotOpenIsReportedOnceAndAgainWhenItIsOver()
    {
        Logged? self = null;
        bool isBroken = true;
        Logged logged = new(() => isBroken ? throw new IOException("disk full") : self!.Journal);
        self = logged;

        for (int i = 0; i < 3; i++)
        {
            logged.Logger.LogInformation("refused");
        }

        Assert.Equal([JournalFailureKind.Temporary, JournalFailureKind.Permanent], logged.Failures.Select(static f => f.Kind));
        Assert.All(logged.Failures, static f => Assert.Equal("disk full", f.Exception!.Message));
        isBroken = false;
        logged.Time.Advance(TimeSpan.FromSeconds(1));
        logged.Logger.LogInformation("stored");
        logged.Logger.LogInformation("stored");

        Assert.Equal(2, logged.Journal.Entries.Count);
        Assert.Equal(3, logged.FrontEndFailures.Refused);
        Assert.Equal(3, logged.Failures.Count);
        Assert.Equal("Entries are stored again; 3 were not.", logged.Failures.Last().Message);
        Assert.Equal(logged.FrontEndFailures.Refused, logged.Failures.Sum(static f => f.Entries));
    }

    [Fact]
    public void EachSpellOfRefusalsIsReportedAndTheReportsAddUp()
    {
        Logged logged = new();
        foreach (int refusals in new[] { 1, 4, 2 })
        {
            logged.Journal.Answer = AppendResult.Closed;
            for (int i = 0; i < refusals; i++)
            {
                logged.Logger.LogInformation("refused");
            }

            logged.Journal.Answer = AppendResult.Stored;
            logged.Logger.LogInformation("stored");
        }

        Assert.Equal(6, logged.Failures.Count);
        Assert.Equal([1, 0, 1, 3, 1, 1], logged.Failures.Select(static f => f.Entries));
        Assert.Equal(7, logged.FrontEndFailures.Refused);
    }

    [Fact]
    public void WhenManyThreadsAreRefusedAtOnceOneReports()
    {
        FrontEndFailures? failures = null;
        int begun = 0;
        long told = 0;
        void Listen(JournalFailure failure)
        {
            Interlocked.Increment(ref begun);
            Interlocked.Add(ref told, failure.Entries);
        }

        failures = new FrontEndFailures([Listen], toStandardError: false, TimeProvider.System);
        using Barrier barrier = new(4);
        void Run()
        {
            for (int round = 0; round < 200; round++)
            {
                barrier.SignalAndWait();
                failures.Refuse("no", null);
                barrier.SignalAndWait();
                failures.Stored();
            }
        }

        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(Run))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        Assert.Equal(400, begun);
        Assert.Equal(800, told);
        Assert.Equal(800, failures.Refused);
    }

    // The end of one spell met the beginning of the next, and entries were told twice, then taken back by a report of less than none.
    [Fact]
    public void WhenSomeThreadsAreRefusedWhileOthersStoreTheReportsAddUp()
    {
        long told = 0;
        long least = 0;
        void Listen(JournalFailure failure)
        {
            Interlocked.Add(ref told, failure.Entries);
            if (failure.Entries < 0)
            {
                Interlocked.Exchange(ref least, failure.Entries);
            }
        }

        FrontEndFailures failures = new([Listen], toStandardError: false, TimeProvider.System);
        void Run(int thread)
        {
            for (int i = 0; i < 100_000; i++)
            {
                if ((i + thread) % 2 == 0)
                {
                    failures.Refuse("no", null);
                }
                else
                {
                    failures.Stored();
                }
            }
        }

        Thread[] threads = [.. Enumerable.Range(0, 4).Select(thread => new Thread(() => Run(thread)))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        failures.Stored();

        Assert.Equal(0, least);
        Assert.Equal(200_000, failures.Refused);
        Assert.Equal(failures.Refused, told);
    }

    // As the S3 client of a container does that logs while it is made.
    [Fact]
    public void WhatLogsWhileTheJournalIsOpenedAgainDoesNotOpenItOnceMore()
    {
        Logged? logged = null;
        int opens = 0;
        logged = new Logged(() =>
        {
            opens++;
            if (logged is null)
            {
                throw new IOException("disk full");
            }

            logged.Logger.LogInformation("from the opening");
            return logged.Journal;
        });
        logged.Time.Advance(TimeSpan.FromSeconds(1));

        logged.Logger.LogInformation("x");

        Assert.Equal(2, opens);
        Assert.Equal(1, logged.FrontEndFailures.Refused);
        Assert.Single(logged.Journal.Entries);
    }

    [Fact]
    public void WhatTheJournalDropsItCountsItself()
    {
        Logged logged = new();
        logged.Journal.Answer = AppendResult.Dropped;

        logged.Logger.LogInformation("x");

        Assert.Empty(logged.Failures);
        Assert.Equal(0, logged.FrontEndFailures.Refused);
    }

    [Fact]
    public void AListenerThatThrowsReachesNeitherTheProgramNorTheOtherListeners()
    {
        Logged logged = new(listeners: static _ => throw new Hostile.Error());
        logged.Journal.Answer = AppendResult.Closed;

        logged.Logger.LogInformation("x");

        Assert.Single(logged.Failures);
    }

    [Fact]
    public void AListenerThatLogsDoesNotGoRound()
    {
        Logged? logged = null;
        int calls = 0;
        logged = new Logged(static () => throw new IOException("disk full"), listeners: _ =>
        {
            calls++;
            logged?.Logger.LogInformation("from the listener");
        });
        logged.Time.Advance(TimeSpan.FromSeconds(1));

        logged.Logger.LogInformation("x");

        Assert.Equal(3, calls);
        Assert.Equal(3, logged.FrontEndFailures.Refused);
    }

    [Fact]
    public void AJournalThatThrowsIsNoMatterOfTheProgram()
    {
        Logged logged = new();
        logged.Journal.Throw = new Hostile.Error();

        logged.Logger.LogInformation("x");

        Assert.IsType<Hostile.Error>(Assert.Single(logged.Failures).Exception);
        Assert.Equal(1, logged.FrontEndFailures.Refused);
    }

    [Fact]
    public void AnExceptionWithoutAMessageIsPrintedAsFarAsItGoes()
    {
        FrontEndFailures failures = new([], toStandardError: true, TimeProvider.System);

        failures.Refuse("no", new Hostile.Error());

        Assert.Equal(1, failures.Refused);
    }

    [Theory]
    [InlineData("the journal")]
    [InlineData("a value")]
    [InlineData("a value in a collection")]
    [InlineData("the formatter")]
    [InlineData("the state")]
    [InlineData("a scope")]
    [InlineData("a buffered record")]
    public void AnInterruptOfTheCallerIsKeptForTheProgram(string place)
    {
        Logged logged = new();
        Hostile.Acting interrupted = new(static () => throw new ThreadInterruptedException());
        using (place == "a scope" ? logged.Logger.BeginScope(new Hostile.Pairs(static () => throw new ThreadInterruptedException(), static _ => default)) : null)
        {
            switch (place)
            {
                case "the journal":
                    logged.Journal.Throw = new ThreadInterruptedException();
                    logged.Logger.LogInformation("x");
                    break;
                case "a value":
                    logged.Logger.LogInformation("{V}", interrupted);
                    break;
                case "a value in a collection":
                    logged.Logger.LogInformation("{V}", new object[] { new[] { interrupted } });
                    break;
                case "the formatter":
                    logged.Logger.Log(LogLevel.Information, default, 1, null, static (_, _) => throw new ThreadInterruptedException());
                    break;
                case "the state":
                    logged.LogState(new Hostile.Pairs(static () => throw new ThreadInterruptedException(), static _ => default));
                    break;
                case "a buffered record":
                    logged.Logger.LogRecords(Records());
                    break;
                default:
                    logged.Logger.LogInformation("x");
                    break;
            }
        }

        Assert.Throws<ThreadInterruptedException>(static () => Thread.CurrentThread.Join(0));
        Assert.IsType<ThreadInterruptedException>(Assert.Single(logged.Failures).Exception);
        Assert.Equal(1, logged.FrontEndFailures.Refused);
    }

    [Fact]
    public void AnInterruptInAListenerIsKeptForTheProgram()
    {
        Logged logged = new(listeners: static _ => throw new ThreadInterruptedException());
        logged.Journal.Answer = AppendResult.Closed;

        logged.Logger.LogInformation("x");

        Assert.Throws<ThreadInterruptedException>(static () => Thread.CurrentThread.Join(0));
        Assert.Single(logged.Failures);
    }

    [Fact]
    public void AnInterruptWhileTheJournalIsOpenedIsKeptForTheProgram()
    {
        _ = new Logged(static () => throw new ThreadInterruptedException());

        Assert.Throws<ThreadInterruptedException>(static () => Thread.CurrentThread.Join(0));
    }

    [Fact]
    public void ARefusalIsRememberedWithItsAge()
    {
        FakeTimeProvider time = new();
        FrontEndFailures failures = new([], toStandardError: false, time);
        Assert.Null(failures.SinceLastRefusal);

        failures.Refuse("no", null);
        time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(3, Math.Round(failures.SinceLastRefusal!.Value.TotalMinutes));
    }

    private static IEnumerable<Microsoft.Extensions.Logging.Abstractions.BufferedLogRecord> Records()
    {
        yield return new Record();
    }

    private sealed class Record : Microsoft.Extensions.Logging.Abstractions.BufferedLogRecord
    {
        public override DateTimeOffset Timestamp => throw new ThreadInterruptedException();

        public override LogLevel LogLevel => LogLevel.Information;

        public override EventId EventId => default;
    }
}
