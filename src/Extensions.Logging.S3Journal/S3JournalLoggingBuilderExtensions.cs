using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Configuration;
using Microsoft.Extensions.Logging.S3Journal;
using Microsoft.Extensions.Logging.S3Journal.Registration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Logging;

/// <summary>Adds the logging provider <c>S3Journal</c>.</summary>
public static class S3JournalLoggingBuilderExtensions
{
    /// <summary>Writes log entries to a journal on the local disk, which delivers them to the destination; settings come from the section <c>Logging:S3Journal</c>.</summary>
    public static ILoggingBuilder AddS3Journal(this ILoggingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddConfiguration();
        IServiceCollection services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoggerProvider, S3JournalLoggerProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<S3JournalLoggerOptions>, ConfigureS3JournalLogger>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOptionsChangeTokenSource<S3JournalLoggerOptions>, LoggerProviderOptionsChangeTokenSource<S3JournalLoggerOptions, S3JournalLoggerProvider>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FlushAtStop>());
        return builder;
    }

    /// <summary>As <see cref="AddS3Journal(ILoggingBuilder)"/>, with that destination: <c>s3://bucket/prefix</c> or <c>file:///dir</c>.</summary>
    public static ILoggingBuilder AddS3Journal(this ILoggingBuilder builder, string destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return builder.AddS3Journal(options => options.Destination = destination);
    }

    /// <summary>As <see cref="AddS3Journal(ILoggingBuilder)"/>; what is set here counts before the configuration's.</summary>
    public static ILoggingBuilder AddS3Journal(this ILoggingBuilder builder, Action<S3JournalLoggerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddS3Journal();
        builder.Services.Configure(configure);
        return builder;
    }
}
