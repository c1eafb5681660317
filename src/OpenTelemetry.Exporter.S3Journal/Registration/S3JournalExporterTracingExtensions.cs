using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Exporter.S3Journal.Registration;

namespace OpenTelemetry.Trace;

/// <summary>Adds the S3Journal exporter for spans.</summary>
public static class S3JournalExporterTracingExtensions
{
    /// <summary>Stores sampled spans in a journal on the local disk, which delivers them as OTLP; settings come from the section <c>OpenTelemetry:S3Journal</c>.</summary>
    public static TracerProviderBuilder AddS3JournalExporter(this TracerProviderBuilder builder) => builder.AddS3JournalExporter(name: null, configure: null);

    /// <summary>As <see cref="AddS3JournalExporter(TracerProviderBuilder)"/>; what is set here counts before the configuration's.</summary>
    public static TracerProviderBuilder AddS3JournalExporter(this TracerProviderBuilder builder, Action<S3JournalExporterOptions> configure) => builder.AddS3JournalExporter(name: null, configure);

    /// <summary>As <see cref="AddS3JournalExporter(TracerProviderBuilder)"/>, with the options of that name: settings come from the section <c>OpenTelemetry:S3Journal:name</c>, and from every callback given with the name.</summary>
    /// <param name="builder">The provider's builder.</param>
    /// <param name="name">Null has no name.</param>
    /// <param name="configure">What is set here counts before the configuration's.</param>
    public static TracerProviderBuilder AddS3JournalExporter(this TracerProviderBuilder builder, string? name, Action<S3JournalExporterOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (name is null || configure is null)
        {
            return builder.AddProcessor(services => ExporterSetup.SpanProcessor(services, name, configure));
        }

        // A name's options are one thing for all signals, as the OTLP exporter's are.
        builder.ConfigureServices(services => services.Configure(name, configure));
        return builder.AddProcessor(services => ExporterSetup.SpanProcessor(services, name, configure: null));
    }
}
