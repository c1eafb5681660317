using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Logging.S3Journal.Registration;

/// <summary>Binds the section <c>Logging:S3Journal</c>. Written out, for the framework's own registration of it needs reflection.</summary>
internal sealed class ConfigureS3JournalLogger(ILoggerProviderConfiguration<S3JournalLoggerProvider> provider) : IConfigureOptions<S3JournalLoggerOptions>
{
    public void Configure(S3JournalLoggerOptions options) => provider.Configuration.Bind(options);
}
