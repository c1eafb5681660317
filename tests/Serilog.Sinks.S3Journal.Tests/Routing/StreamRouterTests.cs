using Serilog.Events;
using Serilog.Sinks.S3Journal.Routing;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Routing;

public class StreamRouterTests
{
    private readonly FakeJournal _journal = new();

    [Fact]
    public void AConstantStreamIsAskedForOnce()
    {
        StreamRouter router = new(_journal, StreamTemplate.Parse("orders"));

        Assert.Same(router.Route(Some.Event("x")), router.Route(Some.Event("y")));
        Assert.Equal(["orders"], _journal.Asked);
    }

    [Fact]
    public void EachNameIsAskedForOnce()
    {
        StreamRouter router = new(_journal, StreamTemplate.Parse("{App}/{Level}"));

        for (int i = 0; i < 3; i++)
        {
            router.Route(Some.Event("x", ("App", "a")));
            router.Route(Some.Event("x", ("App", "b")));
            router.Route(Some.Event(LogEventLevel.Error, "x", ("App", "b")));
        }

        Assert.Equal(["a/Information", "b/Information", "b/Error"], _journal.Asked);
    }

    [Fact]
    public void RememberedNamesAreBounded()
    {
        StreamRouter router = new(_journal, StreamTemplate.Parse("{Id}"));

        for (int i = 0; i < StreamRouter.MaxRemembered + 5; i++)
        {
            router.Route(Some.Event("x", ("Id", i)));
        }

        Assert.Equal(StreamRouter.MaxRemembered, router.Remembered);
        Assert.Equal(StreamRouter.MaxRemembered + 5, _journal.Asked.Count);
    }

    [Fact]
    public void AHugeValueStillFindsItsStream()
    {
        StreamRouter router = new(_journal, StreamTemplate.Parse("{Id}"));

        router.Route(Some.Event("x", ("Id", new string('x', 100_000))));

        Assert.Equal(0, router.Remembered);
        Assert.InRange(Assert.Single(_journal.Asked).Length, 1, 64);
    }

    [Fact]
    public void RoutingAllocatesNothingOnceANameIsKnown()
    {
        StreamRouter router = new(_journal, StreamTemplate.Parse("{App}/{Shard}/{Level}"));
        LogEvent logEvent = Some.Event("x", ("App", "shop"), ("Shard", 12));
        Route(router, logEvent);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Route(router, logEvent);

        Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / 20_000);
    }

    [Fact]
    public void StreamsOfMessagePackSaySoAndAreCheckedAtStart()
    {
        StreamRouter router = new(_journal, StreamTemplate.Parse("{Id}"), EntryEncoding.MessagePack);
        Assert.Equal("msgpack", Assert.Single(_journal.Checked).Encoding);

        EntryStream stream = router.Route(Some.Event("x", ("Id", 1)));

        Assert.Equal(EntryEncoding.MessagePack, stream.Encoding);
        Assert.Equal("msgpack", Assert.Single(_journal.AskedWith)!.Encoding);
    }

    [Fact]
    public void EventsForWhichThereIsNoStreamLeftGoAsJsonToTheOneForOverflow()
    {
        _journal.RefuseStream = static options => options is null ? null : new JournalException("There are 2 streams (MaxStreams).");
        StreamRouter router = new(_journal, StreamTemplate.Parse("{Id}"), EntryEncoding.MessagePack);

        EntryStream[] streams = [.. Enumerable.Range(0, 3).Select(i => router.Route(Some.Event("x", ("Id", i))))];

        Assert.All(streams, static stream => Assert.Equal(EntryEncoding.Json, stream.Encoding));

        // The journal has no more room: it is asked once, for an exception takes its time.
        Assert.Equal(["0", "0", "1", "2"], _journal.Asked);
    }

    [Fact]
    public void AStreamThatIsOpenIsFoundAlsoWhenThereIsRoomForNoOther()
    {
        bool isFull = true;
        _journal.RefuseStream = options => (options, isFull) switch
        {
            (null, true) => null,
            (null, false) => new JournalException("The stream is open with other options.") { IsConfiguration = true },
            (_, true) => new JournalException("There are 2 streams (MaxStreams)."),
            _ => null,
        };
        StreamRouter router = new(_journal, StreamTemplate.Parse("{Id}"), EntryEncoding.MessagePack);
        router.Route(Some.Event("x", ("Id", "further")));
        isFull = false;

        Assert.Equal(EntryEncoding.MessagePack, router.Route(Some.Event("x", ("Id", "open"))).Encoding);
    }

    [Fact]
    public void AStreamThatIsOpenWithOtherOptionsIsAMistake()
    {
        _journal.RefuseStream = static _ => new JournalException("The stream is open with other options.") { IsConfiguration = true };

        Assert.True(Assert.Throws<JournalException>(() => new StreamRouter(_journal, StreamTemplate.Parse("a"), EntryEncoding.MessagePack)).IsConfiguration);
        Assert.Single(_journal.Asked);
    }

    private static void Route(StreamRouter router, LogEvent logEvent)
    {
        for (int i = 0; i < 20_000; i++)
        {
            router.Route(logEvent);
        }
    }
}
