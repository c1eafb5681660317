using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal;

/// <summary>
/// Settings of the logging provider: those of its journal, and a few of its own. <see cref="IncludeScopes"/> and
/// <see cref="IncludeFormattedMessage"/> follow a configuration that changes; the others are read at start.
/// </summary>
public sealed class S3JournalLoggerOptions : JournalOptions
{
    private readonly List<Action<JournalFailure>> _listeners = [];
    private bool _hasStore;
    private TimeProvider _time = TimeProvider.System;
    private Journal? _journal;

    /// <summary>
    /// The name of a journal that <c>services.AddS3Journal(name, ...)</c> registered, whose settings are then taken instead of these. Null (the default) takes
    /// these settings when <see cref="JournalOptions.Destination"/> or a store of your own is set, else the journal that was registered without a name.
    /// </summary>
    public string? Journal { get; set; }

    /// <summary>The stream that entries go to, such as <c>orders/api</c>. Null (the default) takes the entry assembly's name, with other characters than letters, digits, '_', '.' and '-' as '-'.</summary>
    public string? Stream { get; set; }

    /// <summary>
    /// What an entry is. Default <see cref="EntryEncoding.Json"/>; <see cref="EntryEncoding.MessagePack"/> has the same names and structure. A stream has one encoding, its first user's.
    /// Where there is no stream left (<see cref="JournalOptions.MaxStreams"/>) entries go to <c>_overflow</c>, as JSON always.
    /// </summary>
    public EntryEncoding Encoding { get; set; }

    /// <summary>Whether the values of scopes are part of an entry; of values with one name the innermost is kept. Default true.</summary>
    public bool IncludeScopes { get; set; } = true;

    /// <summary>Whether the message is also stored as the text a person reads, as <c>@m</c>. Default false: readers make it of the template and the values. An entry without a template always has it.</summary>
    public bool IncludeFormattedMessage { get; set; }

    /// <summary>
    /// Writes into a journal that the program opened. It stays the program's: it is never disposed here, and of the journal's settings among these only
    /// <see cref="JournalOptions.ShutdownTimeout"/> is looked at: how long a flush of the provider, as when the host stops, may take.
    /// </summary>
    public void UseJournal(Journal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        _journal = journal;
    }

    /// <inheritdoc cref="JournalOptions.UseTimeProvider" />
    public new void UseTimeProvider(TimeProvider timeProvider)
    {
        base.UseTimeProvider(timeProvider);
        _time = timeProvider;
    }

    /// <summary>
    /// Adds a listener for failures, those of the provider itself (a journal that cannot be opened, entries that cannot be stored) included; several may be added. What
    /// it throws is ignored. It may be called on the thread that logs.
    /// </summary>
    public new void OnFailure(Action<JournalFailure> listener)
    {
        base.OnFailure(listener);
        _listeners.Add(listener);
    }

    /// <inheritdoc cref="JournalOptions.UseObjectStore" />
    public new void UseObjectStore(Func<ObjectStore> create)
    {
        base.UseObjectStore(create);
        _hasStore = true;
    }

    // No properties: the generated binding of configurations would look into them.
    internal bool HasStore() => _hasStore;

    internal TimeProvider GetTimeProvider() => _time;

    internal Journal? GetJournal() => _journal;

    internal IReadOnlyList<Action<JournalFailure>> GetListeners() => _listeners;
}
