using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.S3Journal;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.Payload;

/// <summary>
/// What the provider allocates on the calling thread, beyond what the call allocates in any case: nothing when all parameters are of reference types, and else no more than
/// the boxes that reading the state makes. The project compiles everything at once (TieredCompilation off), so that the counts are those of optimized code from the first call on.
/// </summary>
public sealed partial class AllocationTests : IDisposable
{
    // As many as the ring holds with room to spare: an append that must wait for room allocates for its wait.
    private const int Calls = 10_000;
    private const int Bursts = 3;

    private static readonly Action<ILogger, string, string, Exception?> _definedTexts =
        LoggerMessage.Define<string, string>(LogLevel.Information, new EventId(1, "Texts"), "Order {OrderId} of {Customer}");

    private static readonly Action<ILogger, int, string, Exception?> _definedNumberAndText =
        LoggerMessage.Define<int, string>(LogLevel.Information, new EventId(2, "NumberAndText"), "Order {OrderId} of {Customer}");

    private static readonly Action<ILogger, int, string, double, Guid, bool, DateTime, Exception?> _definedMixed =
        LoggerMessage.Define<int, string, double, Guid, bool, DateTime>(LogLevel.Information, new EventId(3, "Mixed"), "{Number} {Text} {Amount} {Id} {Flag} {Time}");

    private static readonly Func<ILogger, string, IDisposable?> _definedScope = LoggerMessage.DefineScope<string>("Request {RequestId}");

    private static readonly KeyValuePair<string, object?>[] _pairs = [new("Tenant", "acme"), new("Region", "eu")];
    private static readonly Dictionary<string, object?> _dictionary = new() { ["RequestId"] = "r1" };
    private static readonly Guid _id = Guid.NewGuid();
    private static readonly DateTime _time = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("s3journal-mel-");
    private readonly Journal _journal;
    private readonly JournalStream _stream;

    public AllocationTests()
    {
        if (typeof(S3JournalLogger).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true)
        {
            _home.Delete();
            Assert.Skip("A Debug build makes boxes that an optimized one leaves out.");
        }

        _journal = Journal.Open(new JournalOptions
        {
            Destination = new Uri(Path.Join(_home.FullName, "bucket")).AbsoluteUri,
            LocalDirectory = Path.Join(_home.FullName, "journal"),
            MinFreeDiskBytes = 0,
            ReportToStandardError = false,
            ShutdownTimeout = TimeSpan.Zero,
        });
        _stream = _journal.GetStream("allocations");
    }

    /// <summary>Calls whose parameters are all of reference types.</summary>
    public static TheoryData<string, EntryEncoding> CallsWithReferences => InBothEncodings(_withReferences.Keys);

    /// <summary>Calls with parameters of value types.</summary>
    public static TheoryData<string, EntryEncoding> CallsWithValues => InBothEncodings(_withValues.Keys);

    private static readonly Dictionary<string, Action<ILogger>> _withReferences = new()
    {
        ["LoggerMessage.Define"] = static logger => _definedTexts(logger, "4711", "ada", null),
        ["source-generated"] = static logger => GeneratedTexts(logger, "4711", "ada"),
        ["source-generated, many"] = static logger => GeneratedManyTexts(logger, "1", "2", "3", "4", "5", "6", "7"),
        ["LogInformation with a template"] = static logger => logger.LogInformation("Order {OrderId} of {Customer}", "4711", "ada"),
        ["LogInformation without values"] = static logger => logger.LogInformation("Started"),
        ["with an event id"] = static logger => logger.LogWarning(new EventId(7, "Placed"), "Order {OrderId} of {Customer}", "4711", "ada"),
        ["a state that is a list"] = static logger => logger.Log(LogLevel.Information, default, _pairs, null, static (_, _) => "text"),
    };

    private static readonly Dictionary<string, Action<ILogger>> _withValues = new()
    {
        ["LoggerMessage.Define of two"] = static logger => _definedNumberAndText(logger, 4711, "ada", null),
        ["LoggerMessage.Define of six"] = static logger => _definedMixed(logger, 1, "two", 3.5, _id, true, _time, null),
        ["source-generated, of two"] = static logger => GeneratedNumberAndText(logger, 4711, "ada"),
        ["source-generated, of six"] = static logger => GeneratedMixed(logger, 1, "two", 3.5, _id, true, _time),
        ["LogInformation with a template of two"] = static logger => logger.LogInformation("Order {OrderId} of {Customer}", 4711, "ada"),
        ["LogInformation with a template of six"] = static logger => logger.LogInformation("{Number} {Text} {Amount} {Id} {Flag} {Time}", 1, "two", 3.5, _id, true, _time),
    };

    [Theory]
    [MemberData(nameof(CallsWithReferences))]
    public void NothingIsAllocatedForReferenceTypes(string call, EntryEncoding encoding)
    {
        long ours = OfProvider(encoding, _withReferences[call]);
        long nothing = OfPeer(reads: false, _withReferences[call]);

        Assert.Equal(0, ours - nothing);
    }

    [Theory]
    [MemberData(nameof(CallsWithValues))]
    public void ForValueTypesOnlyTheBoxesOfReadingTheStateAreAllocated(string call, EntryEncoding encoding)
    {
        long ours = OfProvider(encoding, _withValues[call]);
        long reading = OfPeer(reads: true, _withValues[call]);

        Assert.InRange(ours, 0, reading);
    }

    [Theory]
    [MemberData(nameof(CallsWithReferences))]
    public void NothingIsAllocatedWithinScopesOfReferenceTypes(string call, EntryEncoding encoding)
    {
        long ours = OfProvider(encoding, _withReferences[call], Scoped);
        long nothing = OfPeer(reads: false, _withReferences[call], Scoped);

        Assert.Equal(0, ours - nothing);
    }

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void NothingIsAllocatedForAScopeThatIsOpenedForEachEntry(EntryEncoding encoding)
    {
        static void Call(ILogger logger)
        {
            using (_definedScope(logger, "r1"))
            {
                _definedTexts(logger, "4711", "ada", null);
            }
        }

        Assert.Equal(0, OfProvider(encoding, Call) - OfPeer(reads: false, Call));
    }

    public void Dispose()
    {
        _journal.Dispose();
        _home.Delete(recursive: true);
    }

    [LoggerMessage(11, LogLevel.Information, "Order {OrderId} of {Customer}")]
    private static partial void GeneratedTexts(ILogger logger, string orderId, string customer);

    [LoggerMessage(12, LogLevel.Information, "{A} {B} {C} {D} {E} {F} {G}")]
    private static partial void GeneratedManyTexts(ILogger logger, string a, string b, string c, string d, string e, string f, string g);

    [LoggerMessage(13, LogLevel.Information, "Order {OrderId} of {Customer}")]
    private static partial void GeneratedNumberAndText(ILogger logger, int orderId, string customer);

    [LoggerMessage(14, LogLevel.Information, "{Number} {Text} {Amount} {Id} {Flag} {Time}")]
    private static partial void GeneratedMixed(ILogger logger, int number, string text, double amount, Guid id, bool flag, DateTime time);

    private static TheoryData<string, EntryEncoding> InBothEncodings(IEnumerable<string> calls)
        => [.. calls.SelectMany(static call => Enum.GetValues<EntryEncoding>().Select(encoding => new TheoryDataRow<string, EntryEncoding>(call, encoding)))];

    private static void Scoped(ILogger logger, Action measure)
    {
        using (logger.BeginScope(_pairs))
        using (logger.BeginScope(_dictionary))
        using (logger.BeginScope("a text"))
        using (_definedScope(logger, "r2"))
        {
            measure();
        }
    }

    private long OfProvider(EntryEncoding encoding, Action<ILogger> call, Action<ILogger, Action>? within = null)
    {
        S3JournalLoggerOptions options = new() { Stream = $"allocations/{encoding}", Encoding = encoding };
        options.UseJournal(_journal);
        using S3JournalLoggerProvider provider = new(options);
        long before = _journal.GetStats().Enqueued;
        long allocated = Least(provider, call, within);

        Assert.Equal(before + ((Bursts + 1) * (Calls + 1)), _journal.GetStats().Enqueued);
        return allocated;
    }

    private long OfPeer(bool reads, Action<ILogger> call, Action<ILogger, Action>? within = null)
    {
        using PeerProvider provider = new(reads);
        return Least(provider, call, within);
    }

    /// <summary>Bytes that the calls of one burst allocated, the least of some: a wait for the disk allocates too.</summary>
    private long Least(ILoggerProvider provider, Action<ILogger> call, Action<ILogger, Action>? within)
    {
        using LoggerFactory factory = new([provider]);
        ILogger logger = factory.CreateLogger("Shop.Orders");
        long least = long.MaxValue;

        void Measure()
        {
            for (int burst = -1; burst < Bursts; burst++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < Calls; i++)
                {
                    call(logger);
                }

                // The first one warms up.
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                least = burst < 0 ? least : Math.Min(least, allocated);
                _stream.AppendDurable(DateTimeOffset.UtcNow, "{}"u8, TimeSpan.FromMinutes(1));
            }
        }

        (within ?? (static (_, measure) => measure()))(logger, Measure);
        return least;
    }

    /// <summary>A provider that is enabled and does nothing, or reads each value and does nothing with it.</summary>
    private sealed class PeerProvider(bool reads) : ILoggerProvider, ILogger, ISupportExternalScope
    {
        private static readonly IDisposable _none = new MemoryStream();

        private int _read;

        public ILogger CreateLogger(string categoryName) => this;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _none;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (reads && state is IReadOnlyList<KeyValuePair<string, object?>>)
            {
                for (int i = 0; i < ((IReadOnlyList<KeyValuePair<string, object?>>)state).Count; i++)
                {
                    _read += ((IReadOnlyList<KeyValuePair<string, object?>>)state)[i].Value is null ? 0 : 1;
                }
            }
        }

        public void Dispose() => GC.KeepAlive(_read);
    }
}
