using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Exporter.S3Journal.Registration;

namespace OpenTelemetry.Logs;

/// <summary>Adds the S3Journal exporter for log records.</summary>
public static class S3JournalExporterLoggingExtensions
{
    /// <summary>Stores log records in a journal on the local disk, which delivers them as OTLP; settings come from the section <c>OpenTelemetry:S3Journal</c>.</summary>
    public static LoggerProviderBuilder AddS3JournalExporter(this LoggerProviderBuilder builder) => builder.AddS3JournalExporter(name: null, configure: null);

    /// <summary>As <see cref="AddS3JournalExporter(LoggerProviderBuilder)"/>; what is set here counts before the configuration's.</summary>
    public static LoggerProviderBuilder AddS3JournalExporter(this LoggerProviderBuilder builder, Action<S3JournalExporterOptions> configure) => builder.AddS3JournalExporter(name: null, configure);

    /// <summary>As <see cref="AddS3JournalExporter(LoggerProviderBuilder)"/>, with the options of that name: settings come from the section <c>OpenTelemetry:S3Journal:name</c>, and from every callback given with the name.</summary>
    /// <param name="builder">The provider's builder.</param>
    /// <param name="name">Null has no name.</param>
    /// <param name="configure">What is set here counts before the configuration's.</param>
    public static LoggerProviderBuilder AddS3JournalExporter(this LoggerProviderBuilder builder, string? name, Action<S3JournalExporterOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (name is null || configure is null)
        {
            return builder.AddProcessor(services => ExporterSetup.LogProcessor(services, name, configure));
        }

        // A name's options are one thing for all signals, as the OTLP exporter's are.
        builder.ConfigureServices(services => services.Configure(name, configure));
        return builder.AddProcessor(services => ExporterSetup.LogProcessor(services, name, configure: null));
    }

    /// <summary>Stores log records in a journal on the local disk, which delivers them as OTLP; settings come from the section <c>OpenTelemetry:S3Journal</c>.</summary>
    public static OpenTelemetryLoggerOptions AddS3JournalExporter(this OpenTelemetryLoggerOptions loggerOptions) => loggerOptions.AddS3JournalExporter(name: null, configure: null);

    /// <summary>As <see cref="AddS3JournalExporter(OpenTelemetryLoggerOptions)"/>; what is set here counts before the configuration's.</summary>
    public static OpenTelemetryLoggerOptions AddS3JournalExporter(this OpenTelemetryLoggerOptions loggerOptions, Action<S3JournalExporterOptions> configure)
        => loggerOptions.AddS3JournalExporter(name: null, configure);

    /// <summary>As <see cref="AddS3JournalExporter(OpenTelemetryLoggerOptions)"/>, with the options of that name: settings come from the section <c>OpenTelemetry:S3Journal:name</c>.</summary>
    /// <param name="loggerOptions">The provider's options.</param>
    /// <param name="name">Null has no name.</param>
    /// <param name="configure">What is set here counts before the configuration's, for this exporter alone.</param>
    public static OpenTelemetryLoggerOptions AddS3JournalExporter(this OpenTelemetryLoggerOptions loggerOptions, string? name, Action<S3JournalExporterOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(loggerOptions);
        return loggerOptions.AddProcessor(services => ExporterSetup.LogProcessor(services, name, configure));
    }
}
