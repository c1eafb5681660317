using Microsoft.Extensions.DependencyInjection;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal.Registration;

/// <summary>
/// Which journal a provider writes into, and how it is opened. The provider has a handle of its own also on a journal that the container shares, so that it is open as
/// long as somebody may log.
/// </summary>
internal sealed class JournalChoice : IDisposable
{
    /// <summary>A quarter of the largest ring.</summary>
    private const int LargestEntryBytes = 256 << 20;

    private readonly Journal? _users;
    private readonly JournalOptions _options;
    private readonly ContainerS3Client _client;
    private volatile Journal? _opened;

    private JournalChoice(JournalOptions options, Journal? users, ContainerS3Client client)
    {
        _options = options;
        _users = users;
        _client = client;
    }

    /// <exception cref="JournalException">A name that nobody registered.</exception>
    public static JournalChoice Of(S3JournalLoggerOptions options, IServiceProvider? services)
    {
        if (options.GetJournal() is { } journal)
        {
            return new JournalChoice(options, journal, ContainerS3Client.None);
        }

        string[] names = services is null ? [] : [.. services.GetServices<RegisteredJournal>().Select(static registered => registered.Name)];
        string? name = options.Journal ?? (string.IsNullOrEmpty(options.Destination) && names.Contains(Options.Options.DefaultName) ? Options.Options.DefaultName : null);
        if (name is null)
        {
            return new JournalChoice(options, users: null, ContainerS3Client.For(options, services));
        }

        if (!names.Contains(name))
        {
            string known = names.Length == 0 ? "none" : string.Join(", ", names.Select(static known => $"\"{known}\""));
            throw new JournalException($"The journal \"{name}\" (option Journal) is not registered; services.AddS3Journal(name, ...) does so. Registered: {known}.") { IsConfiguration = true };
        }

        return new JournalChoice(services!.GetRequiredService<RegisteredJournalOptions>().Get(name), users: null, ContainerS3Client.None);
    }

    /// <summary>The largest entry that the journal takes; of one that the program opened, what none can be above.</summary>
    public int MaxEntryBytes => _users is null ? _options.MaxEntryBytes : LargestEntryBytes;

    public IEventJournal Open()
    {
        if (_users is { } users)
        {
            return CoreJournal.OfUser(users);
        }

        Journal opened = Journal.Open(_options);
        _opened = opened;
        return CoreJournal.Owning(opened);
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if ((_users ?? _opened) is not { } journal)
        {
            return;
        }

        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(_options.ShutdownTimeout);
        await journal.FlushAsync(bound.Token).ConfigureAwait(false);
    }

    /// <summary>After the journal was closed.</summary>
    public void Dispose() => _client.Dispose();
}
