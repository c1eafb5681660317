using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal.Registration;

/// <summary>The settings of registered journals, with the container's S3 client where they name none: the same for everybody who opens one.</summary>
internal sealed class RegisteredJournalOptions(IOptionsMonitor<JournalOptions> options, IServiceProvider services) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<(JournalOptions Options, ContainerS3Client Client)>> _byName = new(StringComparer.Ordinal);

    public JournalOptions Get(string name) => _byName.GetOrAdd(name, name => new(() =>
    {
        JournalOptions found = options.Get(name);
        return (found, ContainerS3Client.For(found, services));
    })).Value.Options;

    public void Dispose()
    {
        foreach (Lazy<(JournalOptions Options, ContainerS3Client Client)> made in _byName.Values.Where(static made => made.IsValueCreated))
        {
            made.Value.Client.Dispose();
        }
    }
}
