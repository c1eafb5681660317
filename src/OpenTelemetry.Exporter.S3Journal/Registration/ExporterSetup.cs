using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter.S3Journal.Diagnostics;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Processors;
using OpenTelemetry.Exporter.S3Journal.Signals;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace OpenTelemetry.Exporter.S3Journal.Registration;

/// <summary>Makes the processors when a provider is built: its container is known then, and nothing need be registered for it.</summary>
internal static class ExporterSetup
{
    public static BaseProcessor<LogRecord> LogProcessor(IServiceProvider services, string? name, Action<S3JournalExporterOptions>? configure)
    {
        S3JournalExporterOptions options = OptionsOf(services, name, configure);
        SignalWriter<LogRecord> writer = SignalWriter<LogRecord>.Start(LogSignal.Instance, options, LogLimitsOf(services));
        return options.ExportProcessorType == ExportProcessorType.Simple
            ? new S3JournalLogProcessor(writer)
            : Around(writer, () => new S3JournalLogBatchProcessor(writer, services.GetRequiredService<IOptionsMonitor<LogRecordExportProcessorOptions>>().Get(name ?? "").BatchExportProcessorOptions));
    }

    public static BaseProcessor<Activity> SpanProcessor(IServiceProvider services, string? name, Action<S3JournalExporterOptions>? configure)
    {
        S3JournalExporterOptions options = OptionsOf(services, name, configure);
        SignalWriter<Activity> writer = SignalWriter<Activity>.Start(SpanSignal.Instance, options, LimitsOf(services));
        return options.ExportProcessorType == ExportProcessorType.Simple
            ? new S3JournalSpanProcessor(writer)
            : Around(writer, () => new S3JournalSpanBatchProcessor(writer, services.GetRequiredService<IOptionsMonitor<ActivityExportProcessorOptions>>().Get(name ?? "").BatchExportProcessorOptions));
    }

    /// <summary>For exporters that no container makes.</summary>
    public static OtlpLimits LimitsOfEnvironment() => Limits(configuration: null);

    /// <summary>The SDK refuses batch options that are wrong: the journal is closed then.</summary>
    private static BaseProcessor<T> Around<T>(SignalWriter<T> writer, Func<BaseProcessor<T>> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private static OtlpLimits LimitsOf(IServiceProvider services) => Limits(services.GetService<IConfiguration>());

    private static OtlpLimits LogLimitsOf(IServiceProvider services)
    {
        OpenTelemetryLoggerOptions logging = services.GetRequiredService<IOptionsMonitor<OpenTelemetryLoggerOptions>>().CurrentValue;
        return LimitsOf(services) with { LogScopeVersion = logging.Version, LogScopeSchemaUrl = logging.SchemaUrl };
    }

    private static OtlpLimits Limits(IConfiguration? configuration) => OtlpLimits.Read(configuration, S3JournalExporterEventSource.Log.InvalidSetting);

    /// <summary>
    /// First the section, then what the program configured for options of that name, then the callback. Made anew for each signal: unnamed options are everybody's, and one's callback is no matter of the other's.
    /// </summary>
    private static S3JournalExporterOptions OptionsOf(IServiceProvider services, string? name, Action<S3JournalExporterOptions>? configure)
    {
        OptionsFactory<S3JournalExporterOptions> factory = new(
            [new ConfigureFromSection(services.GetService<IConfiguration>()), .. services.GetServices<IConfigureOptions<S3JournalExporterOptions>>()],
            services.GetServices<IPostConfigureOptions<S3JournalExporterOptions>>(),
            services.GetServices<IValidateOptions<S3JournalExporterOptions>>());
        S3JournalExporterOptions options = factory.Create(name ?? "");
        configure?.Invoke(options);
        return options;
    }
}
