using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.S3Journal.Registration;
using Sink.Core;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers journals that front ends and the program's own code share.</summary>
public static class S3JournalServiceCollectionExtensions
{
    /// <summary>
    /// Registers a journal without a name: the service <see cref="Journal"/>, opened at its first use. Front ends whose options set no destination of their own write into it.
    /// An <c>IAmazonS3</c>, or else <c>AWSOptions</c>, of the container reach an <c>s3://</c> destination when the options do not say how.
    /// </summary>
    public static IServiceCollection AddS3Journal(this IServiceCollection services, Action<JournalOptions> configure)
    {
        Register(services, Options.Options.DefaultName, configure);
        services.TryAddSingleton(static provider => Open(provider, Options.Options.DefaultName));
        return services;
    }

    /// <summary>As the other overload, under a name: the keyed service <see cref="Journal"/>, which front ends choose with their option <c>Journal</c>.</summary>
    public static IServiceCollection AddS3Journal(this IServiceCollection services, string name, Action<JournalOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Register(services, name, configure);
        services.TryAddKeyedSingleton(name, static (provider, key) => Open(provider, (string)key!));
        return services;
    }

    private static void Register(IServiceCollection services, string name, Action<JournalOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<JournalOptions>(name).Configure(configure);
        services.TryAddSingleton<RegisteredJournalOptions>();
        services.AddSingleton(new RegisteredJournal(name));
    }

    private static Journal Open(IServiceProvider provider, string name) => Journal.Open(provider.GetRequiredService<RegisteredJournalOptions>().Get(name));
}
