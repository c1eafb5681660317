using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Signals;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Failures;

/// <summary>Nothing is lost without a word, and nothing reaches the program.</summary>
public sealed class RecordsThatAreNotStored : IDisposable
{
    private readonly Exporting _exporting = new();

    [Fact]
    public void AProgramWhoseJournalCannotBeOpenedStartsAndLaterRecordsOpenIt()
    {
        bool isBroken = true;
        _exporting.Source.Opens = () => isBroken ? throw new IOException("disk full") : _exporting.Journal;
        ILogger logger = _exporting.Logging().CreateLogger("x");
        JournalFailure atStart = Assert.Single(_exporting.Failures);
        Assert.Equal(JournalFailureKind.Temporary, atStart.Kind);
        Assert.Contains("could not be opened", atStart.Message, StringComparison.Ordinal);

        logger.LogInformation("refused");
        logger.LogInformation("refused");
        Assert.Equal("The journal is not open. Records are not stored.", _exporting.Failures.Last().Message);
        Assert.Equal("disk full", _exporting.Failures.Last().Exception!.Message);

        isBroken = false;
        _exporting.Time.Advance(TimeSpan.FromSeconds(1));
        logger.LogInformation("stored");
        logger.LogInformation("stored");

        Assert.Equal(2, _exporting.Journal.Entries.Count);
        Assert.Equal(3, _exporting.Failures.Count);
        Assert.Equal("Entries are stored again; 2 were not.", _exporting.Failures.Last().Message);
        Assert.Equal(2, _exporting.Failures.Sum(static failure => failure.Entries));
    }

    [Fact]
    public void WhatTheJournalDropsIsCountedAndReportedByTheJournal()
    {
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer();
        _exporting.Journal.Answer = AppendResult.Dropped;
        writer.Append(Exporting.Span("x"), null);
        writer.Append(Exporting.Span("x"), null);

        Assert.Empty(_exporting.Failures);
        Assert.Equal(2, writer.Failures.Lost);
    }

    [Fact]
    public void OfARecordThatIsTooLargeAStandInIsStoredCountedAndReportedOnce()
    {
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer();
        _exporting.Journal.MaxEntryBytes = 16 << 10;
        string large = new('x', 20_000);

        Assert.True(writer.Append(Exporting.Span(large), null));
        Assert.True(writer.Append(Exporting.Span(large), null));

        Assert.Equal(2, writer.Failures.Truncated);
        Assert.Equal(0, writer.Failures.Lost);
        Assert.Equal(2, _exporting.Payloads.Length);
        Assert.All(_exporting.Payloads, payload => Assert.DoesNotContain(large, payload, StringComparison.Ordinal));
        JournalFailure failure = Assert.Single(_exporting.Failures);
        Assert.Equal(JournalFailureKind.Permanent, failure.Kind);
        Assert.Contains("larger than MaxEntryBytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStandInThatIsTooLargeIsRefused()
    {
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer();
        _exporting.Journal.MaxEntryBytes = 1;

        Assert.False(writer.Append(Exporting.Span("x"), null));
        Assert.Equal(1, writer.Failures.Lost);
        Assert.Equal(0, writer.Failures.Truncated);
        Assert.Contains("even shortened", Assert.Single(_exporting.Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AJournalThatThrowsIsNoMatterOfTheProgram()
    {
        _exporting.Tracing();
        _exporting.Journal.Throw = new InvalidDataException("broken");
        _exporting.Activities.StartActivity("x")!.Dispose();
        ILogger logger = _exporting.Logging().CreateLogger("x");
        logger.LogInformation("x");

        Assert.Equal(["broken", "broken"], _exporting.Failures.Select(static failure => failure.Exception!.Message));
    }

    [Fact]
    public void AListenerThatThrowsOrLogsIsNoMatterOfTheProgram()
    {
        ILogger? logger = null;
        int heard = 0;
        logger = _exporting.Logging(options => options.OnFailure(_ =>
        {
            heard++;
            logger?.LogInformation("from the listener");
            throw new InvalidOperationException("no");
        })).CreateLogger("x");
        _exporting.Journal.Answer = AppendResult.Closed;
        logger.LogInformation("x");

        Assert.Equal(1, heard);
        Assert.Single(_exporting.Failures);
    }

    [Theory]
    [InlineData("the journal")]
    [InlineData("the stream")]
    [InlineData("a listener")]
    public void AnInterruptOfTheCallerIsKeptForTheProgram(string place)
    {
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer(options =>
        {
            if (place == "a listener")
            {
                options.OnFailure(static _ => throw new ThreadInterruptedException());
            }
        });
        _exporting.Journal.Answer = place == "a listener" ? AppendResult.Closed : null;
        _exporting.Journal.Throw = place == "the journal" ? new ThreadInterruptedException() : null;
        _exporting.Journal.ThrowAtOpen = place == "the stream" ? new ThreadInterruptedException() : null;

        Assert.False(writer.Append(Exporting.Span("x"), null));
        Assert.Throws<ThreadInterruptedException>(static () => Thread.CurrentThread.Join(0));
        Assert.Equal(1, writer.Failures.Lost);
    }

    [Fact]
    public void WhenThreadsAreRefusedAndDroppedWhileOthersStoreTheCountsAddUp()
    {
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer();
        int turn = 0;
        int lost = 0;
        _exporting.Journal.KeepsEntries = false;
        _exporting.Journal.Appending = () =>
        {
            if (Interlocked.Increment(ref turn) % 3 == 0)
            {
                throw new IOException("no");
            }
        };
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 3000; i++)
            {
                if (!writer.Append(Exporting.Span("x"), null))
                {
                    Interlocked.Increment(ref lost);
                }
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        _exporting.Journal.Appending = null;
        writer.Append(Exporting.Span("x"), null);

        Assert.Equal(4000, lost);
        Assert.Equal(lost, writer.Failures.Lost);
        Assert.Equal(lost, _exporting.Failures.Sum(static failure => failure.Entries));
    }

    public void Dispose()
    {
        _exporting.Journal.Throw = null;
        _exporting.Dispose();
    }
}
