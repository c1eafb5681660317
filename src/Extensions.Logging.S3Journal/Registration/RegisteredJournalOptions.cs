using Microsoft.Extensions.Options;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal.Registration;

/// <summary>The settings of registered journals, with the container's S3 client where they name none: the same for everybody who opens one.</summary>
internal sealed class RegisteredJournalOptions(IOptionsMonitor<JournalOptions> options, IServiceProvider services) : IDisposable
{
    private readonly Lock _lock = new();

    // Owned by _lock.
    private readonly Dictionary<string, (JournalOptions Options, ContainerS3Client Client)> _byName = new(StringComparer.Ordinal);

    /// <summary>Throws what the making of the client throws; the next call tries again.</summary>
    public JournalOptions Get(string name)
    {
        lock (_lock)
        {
            if (!_byName.TryGetValue(name, out (JournalOptions Options, ContainerS3Client Client) known))
            {
                JournalOptions found = options.Get(name);
                _byName.Add(name, known = (found, ContainerS3Client.For(found, services)));
            }

            return known.Options;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach ((JournalOptions Options, ContainerS3Client Client) known in _byName.Values)
            {
                known.Client.Dispose();
            }
        }
    }
}
