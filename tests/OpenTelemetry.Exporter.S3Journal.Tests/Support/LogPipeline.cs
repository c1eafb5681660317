using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Logs;
using SdkRecord = OpenTelemetry.Logs.LogRecord;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>A logger behind which stand our encoders and the OTLP exporter, which sends each record at once to a receiver.</summary>
internal sealed class LogPipeline : IDisposable
{
    private readonly OtlpReceiver _receiver = OtlpReceiver.Start();
    private readonly Capture<SdkRecord> _capture;
    private readonly ServiceProvider _services;

    public LogPipeline(Action<OpenTelemetryLoggerOptions>? configure = null, params (string Key, string? Value)[] settings)
    {
        IConfiguration configuration = Settings.Of(settings);
        OtlpLimits limits = OtlpLimits.Read(configuration);
        _capture = new Capture<SdkRecord>((encoder, record, output) => encoder.WriteLog(record, limits, output));
        ServiceCollection services = [];
        services.AddSingleton(configuration);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(options =>
        {
            configure?.Invoke(options);
            limits = limits with { LogScopeVersion = options.Version, LogScopeSchemaUrl = options.SchemaUrl };
            options.AddProcessor(_capture);
            options.AddOtlpExporter((exporter, processor) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(_receiver.Address, "v1/logs");
                processor.ExportProcessorType = ExportProcessorType.Simple;
            });
        }));
        _services = services.BuildServiceProvider();
    }

    /// <summary>Everything the exporter sent with the last record.</summary>
    public LogsData? Sent { get; private set; }

    public ILoggerFactory Loggers => _services.GetRequiredService<ILoggerFactory>();

    public Encoded<ScopeLogs> Log(Action<ILogger> log, string category = "Shop.Orders")
    {
        log(Loggers.CreateLogger(category));
        Sent = LogsData.Parser.ParseFrom(_receiver.Take());
        return new Encoded<ScopeLogs>(Assert.Single(Assert.Single(Sent.ResourceLogs).ScopeLogs), _capture.Protobuf, _capture.Json);
    }

    /// <summary>A record with these attributes and nothing else.</summary>
    public Encoded<ScopeLogs> LogAttributes(params KeyValuePair<string, object?>[] attributes)
        => Log(logger => logger.Log(LogLevel.Information, default, attributes, null, static (_, _) => "text"));

    public void Dispose()
    {
        _services.Dispose();
        _receiver.Dispose();
    }
}
