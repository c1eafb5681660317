using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Registration;

/// <summary>Binds <c>OpenTelemetry:S3Journal</c>, and for options with a name the section of that name below it.</summary>
internal sealed class ConfigureFromSection(IConfiguration? configuration) : IConfigureNamedOptions<S3JournalExporterOptions>
{
    private const string Section = "OpenTelemetry:S3Journal";

    public void Configure(S3JournalExporterOptions options) => Configure("", options);

    public void Configure(string? name, S3JournalExporterOptions options)
    {
        if (nameof(options.S3).Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            throw new JournalException($"An exporter cannot be named \"{name}\": the section {Section}:{nameof(options.S3)} holds an option of the one without a name. Choose another name.") { IsConfiguration = true };
        }

        configuration?.GetSection(string.IsNullOrEmpty(name) ? Section : $"{Section}:{name}").Bind(options);
    }
}
