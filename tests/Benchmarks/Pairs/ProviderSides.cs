using Benchmarks.Measuring;
using Benchmarks.Peers;
using Microsoft.Extensions.Logging;
using NLog.Extensions.Logging;
using NLog.Layouts;
using NLog.Targets;
using NLog.Targets.Wrappers;
using OpenTelemetry;
using OpenTelemetry.Logs;
using Sink.Core;
using ZLogger;

namespace Benchmarks.Pairs;

/// <summary>A logger factory with one provider.</summary>
/// <param name="Factory">Disposed, the provider has written everything.</param>
/// <param name="Settle">Waits until nothing of so many calls is on its way; throws when one was lost.</param>
internal sealed record ProviderSide(ILoggerFactory Factory, Action<long> Settle) : IDisposable
{
    public ILogger Logger { get; } = Factory.CreateLogger("Shop.Checkout.OrderService");

    public void Dispose() => Factory.Dispose();
}

/// <summary>Providers, each set up to lose nothing, and where it writes to write JSON with all values and scopes.</summary>
internal sealed class ProviderSides(Bench bench)
{
    // Beyond a burst, and beyond what waits in the longest run: a peer that drops would be cheaper.
    private const int PeersQueue = 1 << 20;

    public static ProviderSide Journal(Journal journal)
    {
        JournalStream stream = journal.GetStream(Entries.Stream);
        long settled = 0;
        return new ProviderSide(Create(builder => builder.AddS3Journal(options =>
        {
            options.UseJournal(journal);
            options.Stream = Entries.Stream;
        })), calls =>
        {
            stream.AppendDurable(DateTimeOffset.UtcNow, "{}"u8, TimeSpan.FromMinutes(1));
            Stored.Check(journal, calls + ++settled);
        });
    }

    public ProviderSide ZLogger()
    {
        string path = bench.PathOf("zlogger.json");
        return new ProviderSide(Create(builder => builder.AddZLoggerFile(path, static options =>
        {
            options.IncludeScopes = true;
            options.UseJsonFormatter();
        })), new FollowedFile(path).WaitFor);
    }

    public ProviderSide NLog()
    {
        string path = bench.PathOf("nlog.json");
        JsonLayout layout = new()
        {
            IncludeEventProperties = true,
            IncludeScopeProperties = true,
            Attributes =
            {
                new JsonAttribute("time", "${longdate}"),
                new JsonAttribute("level", "${level}"),
                new JsonAttribute("logger", "${logger}"),
                new JsonAttribute("template", "${message:raw=true}"),
            },
        };
        AsyncTargetWrapper target = new(new FileTarget { FileName = path, Layout = layout, KeepFileOpen = true }, PeersQueue, AsyncTargetWrapperOverflowAction.Block);
        NLog.Config.LoggingConfiguration configuration = new(new NLog.LogFactory());
        configuration.AddRuleForAllLevels(target);
        return new ProviderSide(Create(builder => builder.AddNLog(configuration, new NLogProviderOptions { ShutdownOnDispose = true })), new FollowedFile(path).WaitFor);
    }

    public static ProviderSide OpenTelemetry()
    {
        CountingExporter<LogRecord> exporter = new();
        BatchLogRecordExportProcessor processor = new(exporter, maxQueueSize: PeersQueue);
        return new ProviderSide(Create(builder => builder.AddOpenTelemetry(options =>
        {
            options.IncludeScopes = true;
            options.AddProcessor(processor);
        })), calls =>
        {
            processor.ForceFlush();
            if (exporter.Exported != calls)
            {
                throw new InvalidOperationException($"Of {calls} records {exporter.Exported} were exported.");
            }
        });
    }

    public static ProviderSide Nothing() => new(Create(static builder => builder.AddProvider(new NullLoggerProvider())), static _ => { });

    private static ILoggerFactory Create(Action<ILoggingBuilder> configure) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(LogLevel.Trace);
        configure(builder);
    });
}
