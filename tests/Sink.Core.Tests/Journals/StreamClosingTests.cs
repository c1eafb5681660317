using Microsoft.Extensions.Time.Testing;

namespace Sink.Core.Tests.Journals;

/// <summary>Streams that are closed by their user, or because nothing comes any more.</summary>
public class StreamClosingTests
{
    private static readonly DateTimeOffset _time = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    [Fact]
    public async Task AClosedStreamIsDeliveredAndTakesNoMore()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();
        JournalStream closing = journal.GetStream("closing");
        JournalStream staying = journal.GetStream("staying");
        closing.Append(_time, "{\"n\":1}"u8);
        staying.Append(_time, "{\"n\":2}"u8);

        await closing.CloseAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal("closing", Assert.Single(bench.Store.Objects).Document.Stream);
        Assert.Equal(AppendResult.Closed, closing.Append(_time, "{\"n\":3}"u8));
        Assert.Contains("is closed; get it from the journal again", Assert.Throws<JournalException>(() => closing.AppendDurable(_time, "{}"u8, JournalBench.Generous)).Message, StringComparison.Ordinal);
        Assert.Equal(2, journal.GetStats().Dropped[DropCause.Closed]);
        Assert.Equal(AppendResult.Stored, staying.Append(_time, "{\"n\":4}"u8));
        await closing.CloseAsync().WaitAsync(JournalBench.Generous);
    }

    [Fact]
    public async Task ItsNameCanBeOpenedAgainWithOtherOptions()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();
        JournalStream first = journal.GetStream("a");
        first.Append(_time, "{\"n\":1}"u8);
        await first.CloseAsync().WaitAsync(JournalBench.Generous);

        JournalStream second = journal.OpenStream("a", new StreamOptions { Framing = StreamFraming.Length });
        Assert.NotSame(first, second);
        second.Append(_time, "{\"n\":2}"u8);
        await second.CloseAsync().WaitAsync(JournalBench.Generous);
        JournalStream third = journal.GetStream("a");
        third.Append(_time, "{\"n\":3}"u8);
        await third.CloseAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal(["ndjson", "length", "ndjson"], bench.Store.Objects.OrderBy(static o => o.Document.Ordinal).Select(static o => o.Document.Framing));
        Assert.Equal(AppendResult.Closed, first.Append(_time, "{}"u8));
    }

    /// <summary>Cause: s3-journal lost an entry that was accepted between the final flush and the closed latch.</summary>
    [Fact]
    public async Task AnEntryAcceptedWhileItIsClosedIsDeliveredWithTheRest()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();
        for (int round = 0; round < 50; round++)
        {
            JournalStream stream = journal.GetStream($"s{round}");
            int stored = 0;
            using Barrier barrier = new(3);
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
            {
                barrier.SignalAndWait(JournalBench.Generous);
                while (stream.Append(_time, "{\"n\":1}"u8) == AppendResult.Stored)
                {
                    Interlocked.Increment(ref stored);
                }
            }))];
            Array.ForEach(threads, static thread => thread.Start());
            barrier.SignalAndWait(JournalBench.Generous);

            await stream.CloseAsync().WaitAsync(JournalBench.Generous);

            long delivered = bench.Store.Objects.Where(o => o.Document.Stream == stream.Name).Sum(static o => o.Document.Entries);
            Array.ForEach(threads, static thread => Assert.True(thread.Join(JournalBench.Generous)));
            Assert.Equal(stored, delivered);
        }
    }

    [Fact]
    public async Task AStoreThatIsAwayEndsTheWaitByTheTokenAndNothingIsLost()
    {
        JournalBench bench = new();
        bench.Store.GoAway();
        await using Journal journal = bench.Open();
        JournalStream stream = journal.GetStream("a");
        stream.Append(_time, "{\"n\":1}"u8);
        using CancellationTokenSource cancel = new();

        Task closing = stream.CloseAsync(cancel.Token);
        JournalBench.Until(() => bench.Store.Puts > 0);
        Assert.False(closing.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing);

        Assert.Equal(AppendResult.Closed, stream.Append(_time, "{\"n\":2}"u8));
        bench.Store.ComeBack();
        await JournalBench.FlushWhenItCan(journal);
        Assert.Equal(["{\"n\":1}"], bench.Store.Entries);
    }

    [Fact]
    public async Task OnlyARefusedObjectOfTheStreamItselfFailsItsClose()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();
        bench.Store.OnPut = static (put, _) => Task.FromResult<PutResult?>(put.Key.StartsWith("refused", StringComparison.Ordinal) ? new PutResult(PutOutcome.Rejected, "no") : null);
        JournalStream refused = journal.GetStream("refused");
        JournalStream taken = journal.GetStream("taken");
        refused.Append(_time, "{}"u8);
        taken.Append(_time, "{}"u8);

        JournalException exception = await Assert.ThrowsAsync<JournalException>(() => refused.CloseAsync().WaitAsync(JournalBench.Generous));
        Assert.Contains("refuses 1 objects", exception.Message, StringComparison.Ordinal);
        await taken.CloseAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal("taken", Assert.Single(bench.Store.Objects).Document.Stream);
        bench.Store.ComeBack();
    }

    [Fact]
    public async Task AnIdleStreamIsDeliveredAndABusyOneGoesOn()
    {
        FakeTimeProvider time = new(_time);
        JournalBench bench = new();
        await using Journal journal = bench.Open(options =>
        {
            options.UseTimeProvider(time);
            options.IdleTimeout = TimeSpan.FromMinutes(30);
            options.MaxObjectAge = TimeSpan.FromDays(7);
        });
        JournalStream idle = journal.GetStream("idle");
        JournalStream busy = journal.GetStream("busy");
        idle.Append(_time, "{\"n\":0}"u8);
        for (int minute = 0; minute < 31; minute++)
        {
            busy.Append(_time, "{\"n\":1}"u8);
            await Packed(journal, time);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            return bench.Store.Objects.Count > 0;
        });

        Assert.Equal("idle", Assert.Single(bench.Store.Objects).Document.Stream);
        Assert.Equal(AppendResult.Stored, idle.Append(_time, "{\"n\":2}"u8));
    }

    [Fact]
    public async Task IdleStreamsMakeRoomForOthersAndComeBackWhenTheyAreUsed()
    {
        FakeTimeProvider time = new(_time);
        JournalBench bench = new();
        await using Journal journal = bench.Open(options =>
        {
            options.UseTimeProvider(time);
            options.MaxStreams = 2;
            options.IdleTimeout = TimeSpan.FromMinutes(1);
        });
        JournalStream idle = journal.OpenStream("idle", new StreamOptions { MaxObjectEntries = 5 });
        JournalStream busy = journal.GetStream("busy");
        idle.Append(_time, "{\"n\":0}"u8);
        await Packed(journal, time);
        Assert.Equal("_overflow", journal.GetStream("early").Name);
        time.Advance(TimeSpan.FromMinutes(2));
        busy.Append(_time, "{\"n\":1}"u8);
        await Packed(journal, time);
        busy.Append(_time, "{\"n\":2}"u8);

        Assert.Equal("late", journal.GetStream("late").Name);
        Assert.Equal("_overflow", journal.GetStream("later").Name);
        Assert.Equal(AppendResult.Stored, idle.Append(_time, "{\"n\":3}"u8));
        Assert.Same(idle, journal.OpenStream("idle", new StreamOptions { MaxObjectEntries = 5 }));
        Task<FlushResult> flushing = journal.FlushAsync();
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            return flushing.IsCompleted;
        });
        Assert.Equal(["{\"n\":0}", "{\"n\":3}"], bench.Store.Objects.Where(static o => o.Document.Stream == "idle").OrderBy(static o => o.Document.Ordinal).SelectMany(static o => o.Lines));
    }

    [Fact]
    public async Task OneWhoseNameWasTakenWithOtherOptionsMeanwhileIsRefusedAndCounted()
    {
        FakeTimeProvider time = new(_time);
        await using Journal journal = OpenWithRoomForTwo(time);
        JournalStream old = journal.OpenStream("a", new StreamOptions { MaxObjectEntries = 5 });
        TakeItsRoom(journal, time);
        _ = journal.GetStream("a");

        Assert.Equal(AppendResult.Closed, old.Append(_time, "{}"u8));

        Assert.Equal(1, journal.GetStats().Dropped[DropCause.Closed]);
    }

    /// <summary>Cause: a copy that was never appended to put itself back under its name, closed, and nobody could open the stream again.</summary>
    [Fact]
    public async Task AnAppendToAClosedStreamDoesNotTakeItsNameBack()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();
        JournalStream closed = journal.GetStream("a");
        await closed.CloseAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal(AppendResult.Closed, closed.Append(_time, "{}"u8));

        Assert.Equal(AppendResult.Stored, journal.GetStream("a").Append(_time, "{}"u8));
        Assert.Equal(AppendResult.Closed, closed.Append(_time, "{}"u8));
    }

    /// <summary>Cause: two copies of one stream took entries each behind a gate of its own; the name's next owner found entries of the old form between his.</summary>
    [Fact]
    public async Task ACopyThatWasIdleGoesOnThroughTheOneThatHasItsName()
    {
        FakeTimeProvider time = new(_time);
        await using Journal journal = OpenWithRoomForTwo(time);
        JournalStream old = journal.GetStream("a");
        TakeItsRoom(journal, time);
        JournalStream named = journal.GetStream("a");
        Assert.NotSame(old, named);
        Assert.Equal(AppendResult.Stored, old.Append(_time, "{}"u8));
        Assert.Equal(AppendResult.Stored, named.Append(_time, "{}"u8));

        await Closed(named);
        JournalStream other = journal.OpenStream("a", new StreamOptions { Framing = StreamFraming.Length });
        Assert.Equal(AppendResult.Stored, other.Append(_time, "{}"u8));

        Assert.Equal(AppendResult.Closed, old.Append(_time, "{}"u8));
        Assert.DoesNotContain("journal is closed", Assert.Throws<JournalException>(() => old.AppendDurable(_time, "{}"u8, JournalBench.Generous)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACopyThatWasIdleClosesTheOneThatHasItsName()
    {
        FakeTimeProvider time = new(_time);
        await using Journal journal = OpenWithRoomForTwo(time);
        JournalStream old = journal.GetStream("a");
        TakeItsRoom(journal, time);
        JournalStream named = journal.GetStream("a");
        named.Append(_time, "{}"u8);

        await Closed(old);

        Assert.Equal(AppendResult.Closed, named.Append(_time, "{}"u8));
        JournalStream again = journal.GetStream("a");
        Assert.Equal(AppendResult.Stored, again.Append(_time, "{}"u8));
        await Closed(old);
        Assert.Equal(AppendResult.Stored, again.Append(_time, "{}"u8));
    }

    [Fact]
    public async Task OneOfAJournalThatIsClosedEndsItsCloseToo()
    {
        JournalBench bench = new();
        Journal journal = bench.Open();
        JournalStream stream = journal.GetStream("a");
        stream.Append(_time, "{}"u8);
        await journal.DisposeAsync();

        Assert.Equal(AppendResult.Closed, stream.Append(_time, "{}"u8));
        Exception? ended = await Record.ExceptionAsync(() => stream.CloseAsync().WaitAsync(JournalBench.Generous));
        Assert.True(ended is null or JournalException, $"{ended}");
    }

    /// <summary>Closes it without waiting for the delivery.</summary>
    private static async Task Closed(JournalStream stream)
    {
        Exception? cut = await Record.ExceptionAsync(() => stream.CloseAsync(new CancellationToken(canceled: true)));
        Assert.True(cut is null or OperationCanceledException, $"{cut}");
    }

    /// <summary>Nothing is delivered under the faked clock unless a test moves it, so closing does not wait.</summary>
    private static Journal OpenWithRoomForTwo(FakeTimeProvider time) => new JournalBench().Open(options =>
    {
        options.UseTimeProvider(time);
        options.MaxStreams = 2;
        options.IdleTimeout = TimeSpan.FromMinutes(1);
        options.ShutdownTimeout = TimeSpan.Zero;
    });

    /// <summary>The stream that was opened before is retired for want of room, when it is idle.</summary>
    private static void TakeItsRoom(Journal journal, FakeTimeProvider time)
    {
        _ = journal.GetStream("b");
        time.Advance(TimeSpan.FromMinutes(2));
        _ = journal.GetStream("c");
    }

    private static async Task Packed(Journal journal, FakeTimeProvider time)
    {
        Task commit = journal.CommitAsync();
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return commit.IsCompleted;
        });
        await commit;
        JournalCore core = JournalRegistry.All().Single(core => core.Clock.Provider == time);
        JournalBench.Until(() => !core.Host.Lane.IsBehind);
    }
}
