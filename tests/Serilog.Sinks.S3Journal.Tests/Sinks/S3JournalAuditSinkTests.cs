using Serilog.Core;
using Serilog.Sinks.S3Journal.Payload;
using Serilog.Sinks.S3Journal.Routing;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Sinks;

public class S3JournalAuditSinkTests
{
    private readonly FakeJournal _journal = new();

    [Fact]
    public void AnEventThatCannotBeMadeDurableThrows()
    {
        using Logger logger = new LoggerConfiguration().AuditTo.Sink(Start()).CreateLogger();
        logger.Information("first");
        _journal.Answer = AppendResult.Dropped;

        AggregateException exception = Assert.Throws<AggregateException>(() => logger.Information("second"));

        Assert.IsType<JournalException>(Assert.Single(exception.InnerExceptions));
        Assert.Single(_journal.Entries);
    }

    [Fact]
    public void AnEventThatCannotBeEncodedThrows()
    {
        JournalException exception = Assert.Throws<JournalException>(() => Start().Emit(Some.Event("x", ("A", new Throwing()))));

        Assert.Equal("no text", exception.InnerException!.Message);
    }

    [Fact]
    public void AnEventTooLargeThrowsAndIsNotShortened()
    {
        _journal.MaxEntryBytes = 20;

        Assert.Throws<JournalException>(() => Start().Emit(Some.Event("x")));
        Assert.Empty(_journal.Entries);
    }

    [Fact]
    public void AnEnvironmentAtFaultThrowsAtStart()
        => Assert.Throws<IOException>(() => S3JournalAuditSink.Start(
            () => throw new IOException(), ClefEncoder.Of(EntryEncoding.Json), StreamTemplate.Parse("test"), TimeSpan.FromSeconds(1)));

    [Fact]
    public async Task TheJournalIsClosedWithTheSink()
    {
        await Start().DisposeAsync();

        Assert.Equal(1, _journal.Disposals);
    }

    [Fact]
    public void AnEventIsAuditedInTheEncodingOfItsStream()
    {
        _journal.Decode = MessagePackText.Of;
        S3JournalAuditSink Start() => S3JournalAuditSink.Start(() => _journal, ClefEncoder.Of(EntryEncoding.MessagePack), StreamTemplate.Parse("test"), TimeSpan.FromSeconds(1));

        Start().Emit(Some.Event("own"));
        _journal.RefuseStream = static options => options is null ? null : new JournalException("There are 2 streams (MaxStreams).");
        Start().Emit(Some.Event("overflow"));

        Assert.Equal(["test", "_overflow"], _journal.Entries.Select(static entry => entry.Stream));
        Assert.Equal(["msgpack", "msgpack", null], _journal.AskedWith.Select(static options => options?.Encoding));
        Assert.Equal(["own", "overflow"], _journal.Documents.Select(static document => document.GetProperty("@mt").GetString()));
    }

    private S3JournalAuditSink Start() => S3JournalAuditSink.Start(() => _journal, ClefEncoder.Of(EntryEncoding.Json), StreamTemplate.Parse("test"), TimeSpan.FromSeconds(1));
}
