using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OpenTelemetry.Exporter.S3Journal.Tests.EndToEnd;

/// <summary>A program's host with our exporter for logs and spans, and beside it the OTLP exporter, which sends each record at once to a receiver.</summary>
internal sealed class TelemetryHost : IDisposable
{
    /// <summary>Of the whole resource: it would have none beside another's.</summary>
    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.37.0";

    private readonly OtlpReceiver _logs = OtlpReceiver.Start();
    private readonly OtlpReceiver _spans = OtlpReceiver.Start();
    private readonly IHost _host;

    private TelemetryHost(Action<S3JournalExporterOptions> configure, string instance, bool hasOtlp)
    {
        // Names of its own: sources are known to every provider of the process.
        string name = $"Shop-{Guid.NewGuid():N}";
        Sources = [new ActivitySource(new ActivitySourceOptions($"{name}.Orders") { Version = "1.2.3", Tags = [new("team", "shop")] }), new ActivitySource($"{name}.Payments")];
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFilter("Microsoft", LogLevel.None);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .Clear()
                .AddAttributes([new("service.name", "checkout"), new("service.instance.id", instance), new("host.cpus", 8L), new("host.tags", new[] { "größe", "\U0001F6D2" })], SchemaUrl))
            .WithLogging(logging => AddTo(logging.AddS3JournalExporter(configure), hasOtlp), static options =>
            {
                options.IncludeFormattedMessage = true;
                options.IncludeScopes = true;
            })
            .WithTracing(tracing => AddTo(tracing.AddSource($"{name}.*").SetSampler(new AlwaysOnSampler()).AddS3JournalExporter(configure), hasOtlp));
        _host = builder.Build();

        // A host makes them when it starts; here nothing else is to be started.
        _ = _host.Services.GetRequiredService<LoggerProvider>();
        _ = _host.Services.GetRequiredService<TracerProvider>();
    }

    public ActivitySource[] Sources { get; }

    public ILoggerFactory Loggers => _host.Services.GetRequiredService<ILoggerFactory>();

    public LoggerProvider LoggerProvider => _host.Services.GetRequiredService<LoggerProvider>();

    public TracerProvider TracerProvider => _host.Services.GetRequiredService<TracerProvider>();

    /// <summary>With the OTLP exporter beside ours.</summary>
    public static TelemetryHost Compared(Action<S3JournalExporterOptions> configure) => new(configure, "one", hasOtlp: true);

    public static TelemetryHost Of(Action<S3JournalExporterOptions> configure, string instance = "one") => new(configure, instance, hasOtlp: false);

    /// <summary>A log record and a span that have that number, and nothing else.</summary>
    public void Record(int number)
    {
        using Activity activity = Sources[0].StartActivity("numbered")!;
        activity.SetTag("Number", number);
        Loggers.CreateLogger("Numbered").LogInformation("{Number} is done", number);
    }

    public List<Exported> TakeLogs(int count) => [.. Enumerable.Range(0, count).SelectMany(_ => Exported.Of(LogsData.Parser.ParseFrom(_logs.Take())))];

    public List<Exported> TakeSpans(int count) => [.. Enumerable.Range(0, count).SelectMany(_ => Exported.Of(TracesData.Parser.ParseFrom(_spans.Take())))];

    /// <summary>Ends the providers, with more time to deliver than the 5 s that the SDK takes to dispose one: the machine may be busy with others.</summary>
    public void Shutdown()
    {
        LoggerProvider.Shutdown((int)JournalHome.Limit.TotalMilliseconds);
        TracerProvider.Shutdown((int)JournalHome.Limit.TotalMilliseconds);
    }

    /// <summary>As a program's end: little that is not delivered then is.</summary>
    public void Dispose()
    {
        _host.Dispose();
        Array.ForEach(Sources, static source => source.Dispose());
        _logs.Dispose();
        _spans.Dispose();
    }

    private void AddTo(LoggerProviderBuilder builder, bool hasOtlp)
    {
        if (hasOtlp)
        {
            builder.AddOtlpExporter((exporter, processor) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(_logs.Address, "v1/logs");
                processor.ExportProcessorType = ExportProcessorType.Simple;
            });
        }
    }

    private void AddTo(TracerProviderBuilder builder, bool hasOtlp)
    {
        if (hasOtlp)
        {
            builder.AddOtlpExporter(exporter =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(_spans.Address, "v1/traces");
                exporter.ExportProcessorType = ExportProcessorType.Simple;
            });
        }
    }
}
