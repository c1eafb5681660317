using Serilog.Events;
using Serilog.Sinks.S3Journal.Routing;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Routing;

public class StreamRouterTests
{
    private readonly FakeJournal _journal = new();
    private readonly List<JournalFailure> _failures = [];

    [Fact]
    public void AConstantStreamIsAskedForOnce()
    {
        StreamRouter router = Start("orders");

        Assert.Same(router.Route(Some.Event("x")), router.Route(Some.Event("y")));
        Assert.Equal(["orders"], _journal.Asked);
    }

    [Fact]
    public void EachNameIsAskedForOnce()
    {
        StreamRouter router = Start("{App}/{Level}");

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
        StreamRouter router = Start("{Id}");

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
        StreamRouter router = Start("{Id}");

        router.Route(Some.Event("x", ("Id", new string('x', 100_000))));

        Assert.Equal(0, router.Remembered);
        Assert.InRange(Assert.Single(_journal.Asked).Length, 1, 64);
    }

    [Fact]
    public void RoutingAllocatesNothingOnceANameIsKnown()
    {
        StreamRouter router = Start("{App}/{Shard}/{Level}");
        LogEvent logEvent = Some.Event("x", ("App", "shop"), ("Shard", 12));
        Route(router, logEvent);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Route(router, logEvent);

        Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / 20_000);
    }

    [Fact]
    public void StreamsOfMessagePackSaySoAndAreCheckedAtStart()
    {
        StreamRouter router = Start("{Id}", EntryEncoding.MessagePack);
        Assert.Equal("msgpack", Assert.Single(_journal.Checked).Encoding);

        EntryStream stream = router.Route(Some.Event("x", ("Id", 1)));

        Assert.Equal(EntryEncoding.MessagePack, stream.Encoding);
        Assert.Equal("msgpack", Assert.Single(_journal.AskedWith)!.Encoding);
    }

    [Fact]
    public void EventsForWhichThereIsNoStreamLeftGoAsJsonToTheOneForOverflow()
    {
        _journal.RefuseStream = static options => options is null ? null : new JournalException("There are 2 streams (MaxStreams).");
        StreamRouter router = Start("{Id}", EntryEncoding.MessagePack);

        EntryStream[] streams = [.. Enumerable.Range(0, 3).Select(i => router.Route(Some.Event("x", ("Id", i))))];

        Assert.All(streams, static stream => Assert.Equal(EntryEncoding.Json, stream.Encoding));

        Assert.Equal(["0", "_overflow", "1", "_overflow", "2", "_overflow"], _journal.Asked);
        Assert.Contains("MaxStreams", Assert.Single(_failures).Message);
    }

    [Fact]
    public void AStreamThatIsOpenWithOtherOptionsIsAMistake()
    {
        _journal.RefuseStream = static _ => new JournalException("The stream is open with other options.") { IsConfiguration = true };

        Assert.True(Assert.Throws<JournalException>(() => Start("a", EntryEncoding.MessagePack)).IsConfiguration);
        Assert.Single(_journal.Asked);
    }

    private StreamRouter Start(string template, EntryEncoding encoding = EntryEncoding.Json) => new(_journal, StreamTemplate.Parse(template), encoding, _failures.Add);

    private static void Route(StreamRouter router, LogEvent logEvent)
    {
        for (int i = 0; i < 20_000; i++)
        {
            router.Route(logEvent);
        }
    }
}
