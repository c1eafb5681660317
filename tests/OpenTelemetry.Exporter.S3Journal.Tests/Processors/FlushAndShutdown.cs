using OpenTelemetry.Exporter.S3Journal.Signals;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using OpenTelemetry.Trace;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Processors;

/// <summary>Flushes and the shutdown keep their time; what is not done by then stays on disk.</summary>
public sealed class FlushAndShutdown : IDisposable
{
    private static readonly TaskCompletionSource _never = new();

    private readonly Exporting _exporting = new();

    [Fact]
    public void AFlushCommitsAndDoesNotWaitForTheStore()
    {
        TracerProvider provider = _exporting.Tracing();

        Assert.True(provider.ForceFlush());
        Assert.Equal(["commit"], _exporting.Source.Asked);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, false)]
    public void AFlushThatDeliversSaysWhetherAllIsDelivered(long waiting, bool expected)
    {
        _exporting.Source.Delivers = _ => Task.FromResult(new FlushResult(7, waiting));
        TracerProvider provider = _exporting.Tracing(static options => options.ForceFlushDelivers = true);

        Assert.Equal(expected, provider.ForceFlush());
        Assert.Equal(["commit", "deliver"], _exporting.Source.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFlushEndsWithItsTimeAndCancelsWhatItBegan(bool delivers)
    {
        CancellationToken given = default;
        SetHanging(delivers, cancel => given = cancel);
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer(options => options.ForceFlushDelivers = delivers);

        Assert.False(writer.ForceFlush(20));
        Assert.True(given.IsCancellationRequested);
        Assert.Empty(_exporting.Failures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFlushWithoutATimeTakesTheShutdownTimeout(bool delivers)
    {
        SetHanging(delivers, static _ => { });
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer(options =>
        {
            options.ForceFlushDelivers = delivers;
            options.ShutdownTimeout = TimeSpan.FromMilliseconds(20);
        });

        Assert.False(writer.ForceFlush(Timeout.Infinite));
    }

    [Fact]
    public void AFlushThatFailsIsReportedAndThrowsNothing()
    {
        _exporting.Source.Commits = static _ => Task.FromException(new JournalException("the disk is gone"));
        TracerProvider provider = _exporting.Tracing();

        Assert.False(provider.ForceFlush());
        JournalFailure failure = Assert.Single(_exporting.Failures);
        Assert.Equal("Not everything could be synced to the disk. the disk is gone", failure.Message);
        Assert.IsType<JournalException>(failure.Exception);
    }

    [Fact]
    public void AFlushWithoutAJournalIsNotWell()
    {
        _exporting.Source.Opens = static () => throw new IOException("disk full");
        TracerProvider provider = _exporting.Tracing();

        Assert.False(provider.ForceFlush());
        Assert.Empty(_exporting.Source.Asked);
    }

    [Fact]
    public void AShutdownCommitsAndClosesTheJournalOnce()
    {
        TracerProvider provider = _exporting.Tracing();
        Assert.True(provider.Shutdown());
        provider.Dispose();

        Assert.Equal(["commit"], _exporting.Source.Asked);
        Assert.Equal(1, _exporting.Journal.Disposals);
    }

    [Fact]
    public void AShutdownEndsWithItsTimeAndTheClosingGoesOnWithoutIt()
    {
        using ManualResetEventSlim mayClose = new();
        using ManualResetEventSlim isClosed = new();
        _exporting.Source.Opens = () => new SlowToClose(_exporting.Journal, mayClose, isClosed);
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer();

        Assert.False(writer.Shutdown(20));
        writer.Dispose();
        Assert.False(isClosed.IsSet);
        mayClose.Set();
        Assert.True(isClosed.Wait(Exporting.Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void DisposalAloneClosesTheJournal()
    {
        new S3JournalTraceExporter(_exporting.Options()).Dispose();

        Assert.Equal(1, _exporting.Journal.Disposals);
    }

    [Fact]
    public void WhatComesAfterTheShutdownIsRefusedCountedAndReportedOnce()
    {
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer();
        writer.Append(Exporting.Span("stored"), null);
        Assert.True(writer.Shutdown(Timeout.Infinite));

        Assert.False(writer.Append(Exporting.Span("late"), null));
        Assert.False(writer.Append(Exporting.Span("late"), null));
        Assert.False(writer.ForceFlush(Timeout.Infinite));
        Assert.Equal(2, writer.Failures.Lost);
        Assert.Equal("The journal is closed. Records are not stored.", Assert.Single(_exporting.Failures).Message);
        Assert.Single(_exporting.Journal.Entries);
    }

    [Fact]
    public void AnInterruptOfWhoFlushesIsKeptForTheProgram()
    {
        SetHanging(delivers: false, static _ => Thread.CurrentThread.Interrupt());

        Assert.False(_exporting.Writer().ForceFlush(60_000));
        Assert.Throws<ThreadInterruptedException>(static () => Thread.CurrentThread.Join(0));
        _exporting.Source.Commits = static _ => Task.CompletedTask;
    }

    public void Dispose()
    {
        _exporting.Source.Commits = static _ => Task.CompletedTask;
        _exporting.Dispose();
    }

    private void SetHanging(bool delivers, Action<CancellationToken> see)
    {
        if (delivers)
        {
            _exporting.Source.Delivers = async cancel =>
            {
                see(cancel);
                await _never.Task;
                return default;
            };
        }
        else
        {
            _exporting.Source.Commits = cancel =>
            {
                see(cancel);
                return _never.Task;
            };
        }
    }

    private sealed class SlowToClose(IEventJournal journal, ManualResetEventSlim mayClose, ManualResetEventSlim isClosed) : IEventJournal
    {
        public IEventStream GetStream(string name, StreamOptions? options = null) => journal.GetStream(name, options);

        public AppendResult Append(IStorableEvent storableEvent) => journal.Append(storableEvent);

        public void CheckStream(StreamOptions options) => journal.CheckStream(options);

        public void Dispose()
        {
            mayClose.Wait();
            isClosed.Set();
        }

        public ValueTask DisposeAsync() => throw new NotSupportedException();
    }
}
