using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Signals;

/// <summary>Where the journal of an exporter comes from.</summary>
internal abstract class JournalSource
{
    public static JournalSource Of(S3JournalExporterOptions options) => options.GetJournal() is { } journal ? new OfUser(journal) : new OfOptions(options);

    /// <exception cref="JournalException">An option is wrong, or the directory cannot be used.</exception>
    public abstract IEventJournal Open();

    /// <summary>Completes when everything appended before the call is synced to the disk.</summary>
    /// <exception cref="JournalException">It cannot be.</exception>
    public abstract Task CommitAsync(CancellationToken cancellationToken);

    /// <summary>Delivers everything appended before the call; what a store that is away leaves is in the result.</summary>
    /// <exception cref="JournalException">As in <see cref="Journal.FlushAsync"/>.</exception>
    public abstract Task<FlushResult> FlushAsync(CancellationToken cancellationToken);

    private sealed class OfUser(Journal journal) : JournalSource
    {
        public override IEventJournal Open() => CoreJournal.OfUser(journal);

        public override Task CommitAsync(CancellationToken cancellationToken) => journal.CommitAsync(cancellationToken);

        public override Task<FlushResult> FlushAsync(CancellationToken cancellationToken) => journal.FlushAsync(cancellationToken);
    }

    private sealed class OfOptions(S3JournalExporterOptions options) : JournalSource
    {
        // Written by whoever opens, which is one thread at a time.
        private volatile Journal? _opened;

        public override IEventJournal Open()
        {
            Journal journal = Journal.Open(options);
            _opened = journal;
            return CoreJournal.Owning(journal);
        }

        public override Task CommitAsync(CancellationToken cancellationToken) => _opened?.CommitAsync(cancellationToken) ?? Task.CompletedTask;

        public override Task<FlushResult> FlushAsync(CancellationToken cancellationToken) => _opened?.FlushAsync(cancellationToken) ?? Task.FromResult(default(FlushResult));
    }
}
