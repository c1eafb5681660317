using Microsoft.Extensions.DependencyInjection;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal.Registration;

/// <summary>
/// Which journal a provider writes into, and how it is opened. The provider has a handle of its own also on a journal that the container shares, so that it is open as
/// long as somebody may log.
/// </summary>
internal sealed class JournalChoice : IDisposable
{
    private readonly Journal? _users;
    private readonly S3JournalLoggerOptions _options;
    private readonly IServiceProvider? _services;
    private readonly RegisteredJournalOptions? _registered;
    private readonly string? _name;

    // Owned by whoever opens, which is one thread at a time.
    private ContainerS3Client? _client;

    // Written by whoever opens.
    private volatile Opened? _opened;

    private JournalChoice(S3JournalLoggerOptions options, IServiceProvider? services, string? name)
    {
        _users = options.GetJournal();
        _options = options;
        _services = services;
        _name = name;
        _registered = name is null ? null : services!.GetRequiredService<RegisteredJournalOptions>();
    }

    /// <exception cref="JournalException">A name that nobody registered.</exception>
    public static JournalChoice Of(S3JournalLoggerOptions options, IServiceProvider? services)
    {
        ContainerS3Client.RefuseWhileAsking();
        if (options.GetJournal() is not null)
        {
            return new JournalChoice(options, services, name: null);
        }

        string[] names = services is null ? [] : [.. services.GetServices<RegisteredJournal>().Select(static registered => registered.Name)];
        string? name = options.Journal ?? (string.IsNullOrEmpty(options.Destination) && !options.HasStore() && names.Contains(Options.Options.DefaultName) ? Options.Options.DefaultName : null);
        if (name is not null && !names.Contains(name))
        {
            string known = names.Length == 0 ? "none" : string.Join(", ", names.Select(static known => $"\"{known}\""));
            throw new JournalException($"The journal \"{name}\" (option Journal) is not registered; services.AddS3Journal(name, ...) does so. Registered: {known}.") { IsConfiguration = true };
        }

        return new JournalChoice(options, services, name);
    }

    public IEventJournal Open()
    {
        if (_users is { } users)
        {
            return CoreJournal.OfUser(users);
        }

        JournalOptions options = _options;
        if (_registered is not null)
        {
            options = _registered.Get(_name!);
        }
        else
        {
            _client ??= ContainerS3Client.For(options, _services);
        }

        Journal opened = Journal.Open(options);
        _opened = new Opened(opened, options.ShutdownTimeout);
        return CoreJournal.Owning(opened);
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        // Nobody has checked the options beside a journal that was passed in.
        if ((_users is null ? _opened : new Opened(_users, Allowed(_options.ShutdownTimeout))) is not { } open)
        {
            return;
        }

        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(open.ShutdownTimeout);
        await open.Journal.FlushAsync(bound.Token).ConfigureAwait(false);
    }

    /// <summary>After the journal was closed.</summary>
    public void Dispose() => _client?.Dispose();

    private static TimeSpan Allowed(TimeSpan time) => TimeSpan.FromTicks(Math.Clamp(time.Ticks, 0, TimeSpan.TicksPerHour));

    private sealed record Opened(Journal Journal, TimeSpan ShutdownTimeout);
}
