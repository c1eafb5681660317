using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.S3Journal.Payload;
using Serilog.Sinks.S3Journal.Routing;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Sinks;

public class S3JournalSinkTests
{
    private readonly FakeJournal _journal = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Listener _listener = new();

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void AnEventIsAnEntryWithItsTimestamp(EntryEncoding encoding)
    {
        S3JournalSink sink = Start(encoder: ClefEncoder.Of(encoding));

        sink.Emit(Some.Event("Hello {Name}", ("Name", "x")));

        (string stream, DateTimeOffset timestamp, string payload) = Assert.Single(_journal.Entries);
        Assert.Equal("test", stream);
        Assert.Equal(Some.Time, timestamp);
        Assert.Equal("Hello {Name}", JsonDocument.Parse(payload).RootElement.GetProperty("@mt").GetString());
        Assert.Empty(_listener.Failures);
    }

    [Theory]
    [InlineData(AppendResult.Dropped, "took no more")]
    [InlineData(AppendResult.Closed, "closed")]
    [InlineData(AppendResult.TooLarge, "MaxEntryBytes")]
    public void AnEventTheJournalRefusesGoesToTheListener(AppendResult answer, string expected)
    {
        S3JournalSink sink = Start();
        _journal.Answer = answer;
        LogEvent logEvent = Some.Event("x");

        sink.Emit(logEvent);

        (object sender, LoggingFailureKind kind, string message, LogEvent[]? events, _) = Assert.Single(_listener.Failures);
        Assert.Same(sink, sender);
        Assert.Equal(LoggingFailureKind.Permanent, kind);
        Assert.Contains(expected, message);
        Assert.Same(logEvent, Assert.Single(events!));
        Assert.Equal(1, sink.Refused);
    }

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void AnEventWhoseValueThrowsGoesToTheListener(EntryEncoding encoding)
    {
        S3JournalSink sink = Start(encoder: ClefEncoder.Of(encoding));
        LogEvent logEvent = Some.Event("x", ("A", new Throwing()));

        sink.Emit(logEvent);
        sink.Emit(Some.Event("after"));

        (_, LoggingFailureKind kind, _, LogEvent[]? events, Exception? exception) = Assert.Single(_listener.Failures);
        Assert.Equal(LoggingFailureKind.Permanent, kind);
        Assert.Same(logEvent, Assert.Single(events!));
        Assert.Equal("no text", exception!.Message);
        Assert.Equal("after", Assert.Single(_journal.Documents).GetProperty("@mt").GetString());
    }

    [Fact]
    public void AListenerThatThrowsDoesNotReachTheApplication()
    {
        S3JournalSink sink = Start();
        sink.SetFailureListener(new ThrowingListener());
        _journal.Answer = AppendResult.Dropped;

        sink.Emit(Some.Event("x"));
    }

    [Fact]
    public void AnInterruptOfTheCallerIsKeptForTheApplication()
    {
        S3JournalSink sink = Start();
        _journal.Throw = new ThreadInterruptedException();

        sink.Emit(Some.Event("x"));

        Assert.Throws<ThreadInterruptedException>(() => Thread.CurrentThread.Join(0));
        Assert.Single(_listener.Failures);
    }

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void AnEventTooLargeIsStoredShortened(EntryEncoding encoding)
    {
        S3JournalSink sink = Start(encoder: ClefEncoder.Of(encoding));
        _journal.MaxEntryBytes = 64 * 1024;
        string big = string.Concat(Enumerable.Repeat("größe😀", 20_000));
        LogEvent logEvent = new(
            Some.Time, LogEventLevel.Error, new InvalidOperationException(big), Some.Template("Got {Big} of {User}"),
            [new("Big", Some.Value(big)), new("User", Some.Value("zoe")), new("Id", Some.Value(42)), new("List", new SequenceValue([Some.Value(big)]))],
            System.Diagnostics.ActivityTraceId.CreateRandom(), default);

        sink.Emit(logEvent);

        JsonElement json = Assert.Single(_journal.Documents);
        Assert.True(json.GetProperty("truncated").GetBoolean());
        Assert.Equal("2026-11-22T08:15:00.0000000Z", json.GetProperty("@t").GetString());
        Assert.Equal("Error", json.GetProperty("@l").GetString());
        Assert.Equal("Got {Big} of {User}", json.GetProperty("@mt").GetString());
        Assert.Equal(logEvent.TraceId!.Value.ToHexString(), json.GetProperty("@tr").GetString());
        Assert.Equal("zoe", json.GetProperty("User").GetString());
        Assert.Equal(42, json.GetProperty("Id").GetInt32());
        string text = json.GetProperty("text").GetString()!;
        Assert.StartsWith("Got \"größe😀größe", text);
        Assert.DoesNotContain('\ufffd', text);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(text), 8 * 1024 - 3, 8 * 1024);
        Assert.StartsWith("System.InvalidOperationException: größe", json.GetProperty("exception").GetString());
        Assert.False(json.TryGetProperty("List", out _));
        Assert.Equal(1, sink.Truncated);
        Assert.Null(Assert.Single(_listener.Failures).Events);
    }

    [Fact]
    public void AShortenedEventKeepsTheUsersFormatter()
    {
        S3JournalSink sink = Start(encoder: new FormatterEncoder(new Serilog.Formatting.Display.MessageTemplateTextFormatter("{Level}|{truncated}|{Message}{NewLine}")));
        _journal.MaxEntryBytes = 10_000;

        sink.Emit(Some.Event(new string('x', 20_000)));

        Assert.Equal("Information|True|" + new string('x', 8192), Assert.Single(_journal.Entries).Payload);
    }

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void AnEventTooLargeEvenShortenedGoesToTheListener(EntryEncoding encoding)
    {
        S3JournalSink sink = Start(encoder: ClefEncoder.Of(encoding));
        _journal.MaxEntryBytes = 20;

        sink.Emit(Some.Event("x"));

        Assert.Single(Assert.Single(_listener.Failures).Events!);
        Assert.Equal(0, sink.Truncated);
    }

    [Fact]
    public void AnEnvironmentAtFaultIsTriedAgainAfterGrowingWaits()
    {
        int opens = 0;
        bool broken = true;
        S3JournalSink sink = Start(() =>
        {
            opens++;
            return broken ? throw new IOException("disk full") : _journal;
        });
        Assert.Equal(1, opens);

        foreach (int wait in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            int before = opens;
            _time.Advance(TimeSpan.FromSeconds(wait) - TimeSpan.FromMilliseconds(1));
            sink.Emit(Some.Event("refused"));
            Assert.Equal(before, opens);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            sink.Emit(Some.Event("refused"));
            Assert.Equal(before + 1, opens);
        }

        broken = false;
        _time.Advance(TimeSpan.FromSeconds(60));
        sink.Emit(Some.Event("stored"));
        sink.Emit(Some.Event("stored"));

        Assert.Equal(10, opens);
        Assert.Equal(2, _journal.Entries.Count);
        Assert.Equal(16, sink.Refused);
        var refused = _listener.Failures.Where(f => f.Events is not null).ToArray();
        Assert.Equal(16, refused.Length);
        Assert.All(refused, f => Assert.Equal(LoggingFailureKind.Permanent, f.Kind));
        Assert.All(refused, f => Assert.Equal("disk full", f.Exception!.Message));
        Assert.Equal(8, _listener.Failures.Count(f => f.Events is null && f.Kind == LoggingFailureKind.Temporary));
    }

    [Fact]
    public void AListenerThatLogsWhileTheJournalIsClosedDoesNotHang()
    {
        S3JournalSink? sink = Start(() => throw new IOException("disk full"));
        sink.SetFailureListener(new LoggingListener(() => sink.Emit(Some.Event("inner"))));
        _time.Advance(TimeSpan.FromSeconds(1));

        sink.Emit(Some.Event("outer"));

        Assert.Equal(3, sink.Refused);
    }

    [Fact]
    public void AMistakeInTheConfigurationThrowsAtStart()
    {
        Assert.Throws<JournalException>(() => Start(() => throw new JournalException("MaxBatchSize is 0") { IsConfiguration = true }));
        Assert.True(Assert.Throws<JournalException>(() => Start(() => throw new ArgumentException("bad name"))).IsConfiguration);
    }

    [Fact]
    public void AMistakeSeenOnlyLaterDoesNotThrowFromALogCall()
    {
        bool first = true;
        S3JournalSink sink = Start(() => first ? throw new IOException() : throw new JournalException("settings differ") { IsConfiguration = true });
        first = false;
        _time.Advance(TimeSpan.FromSeconds(1));

        sink.Emit(Some.Event("x"));

        Assert.Equal("settings differ", _listener.Failures.Last().Exception!.Message);
    }

    [Fact]
    public async Task TheJournalIsClosedWithTheSinkAndOnce()
    {
        S3JournalSink sink = Start();

        await sink.DisposeAsync();
        sink.Dispose();
        sink.Emit(Some.Event("late"));

        Assert.Equal(1, _journal.Disposals);
        Assert.Contains("closed", Assert.Single(_listener.Failures).Message);
    }

    [Fact]
    public void LaterFailuresOfTheJournalReachTheListenerWithoutEvents()
    {
        Action<JournalFailure>? report = null;
        S3JournalSink sink = Start(subscribe: r => report = r);
        Assert.NotNull(sink);

        report!(new JournalFailure(JournalFailureKind.Temporary, "The store is away.", 0, new IOException("refused")));
        report(new JournalFailure(JournalFailureKind.Final, "The journal failed."));

        Assert.Equal([LoggingFailureKind.Temporary, LoggingFailureKind.Final], _listener.Failures.Select(f => f.Kind));
        Assert.All(_listener.Failures, f => Assert.Null(f.Events));
        Assert.Equal("refused", _listener.Failures.First().Exception!.Message);
    }

    [Fact]
    public void AFallbackChainStoresWhatTheJournalRefuses()
    {
        Collector fallback = new();
        S3JournalSink sink = Start();
        using Logger logger = new LoggerConfiguration()
            .WriteTo.FallbackChain(wt => wt.Sink(sink, LogEventLevel.Information), wt => wt.Sink(fallback))
            .CreateLogger();

        logger.Information("first");
        _journal.Answer = AppendResult.Dropped;
        logger.Information("second");
        _journal.Answer = null;
        logger.Write(Some.Event("third {A}", ("A", new Throwing())));
        logger.Information("fourth");

        Assert.Equal(["first", "fourth"], _journal.Documents.Select(d => d.GetProperty("@mt").GetString()));
        Assert.Equal(["second", "third {A}"], fallback.Events.Select(e => e.MessageTemplate.Text));
    }

    [Fact]
    public void NothingIsLostBetweenThreads()
    {
        S3JournalSink sink = Start();

        Parallel.For(0, 20_000, i => sink.Emit(Some.Event("x {I}", ("I", i))));

        Assert.Equal(Enumerable.Range(0, 20_000), _journal.Documents.Select(d => d.GetProperty("I").GetInt32()).Order());
    }

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void EmittingAllocatesNothing(EntryEncoding encoding)
    {
        const int Events = 20_000;
        S3JournalSink sink = Start(encoder: ClefEncoder.Of(encoding));
        _journal.KeepsEntries = false;
        LogEvent logEvent = Some.Event("User {User} bought {Count}", ("User", "zoe"), ("Count", 3));
        Emit();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Emit();

        Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / Events);

        void Emit()
        {
            for (int i = 0; i < Events; i++)
            {
                sink.Emit(logEvent);
            }
        }
    }

    private S3JournalSink Start(Func<IEventJournal>? open = null, EventEncoder? encoder = null, Action<Action<JournalFailure>>? subscribe = null)
    {
        _journal.Decode = MessagePackText.Of;
        S3JournalSink sink = S3JournalSink.Start(
            open ?? (() => _journal), encoder ?? ClefEncoder.Of(EntryEncoding.Json), StreamTemplate.Parse("test"), new SinkSurroundings(_time, ReportToStandardError: false, subscribe));
        sink.SetFailureListener(_listener);
        return sink;
    }

    private sealed class ThrowingListener : ILoggingFailureListener
    {
        public void OnLoggingFailed(object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
            => throw new InvalidOperationException();
    }

    private sealed class LoggingListener(Action log) : ILoggingFailureListener
    {
        private int _depth;

        public void OnLoggingFailed(object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
        {
            if (_depth++ < 2)
            {
                log();
            }
        }
    }
}
