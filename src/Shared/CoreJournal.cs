using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>A journal as the front ends see it. One that the user opened stays open.</summary>
internal sealed class CoreJournal : IEventJournal
{
    private readonly Journal _journal;
    private readonly bool _owned;

    private CoreJournal(Journal journal, bool owned)
    {
        _journal = journal;
        _owned = owned;
    }

    public static CoreJournal Open(JournalOptions options) => Owning(Journal.Open(options));

    public static CoreJournal Owning(Journal journal) => new(journal, owned: true);

    public static CoreJournal OfUser(Journal journal) => new(journal, owned: false);

    public IEventStream GetStream(string name, StreamOptions? options) => new CoreStream(options is null ? _journal.GetStream(name) : _journal.OpenStream(name, options));

    public AppendResult Append(IStorableEvent storableEvent) => _journal.Append(storableEvent);

    public void CheckStream(StreamOptions options) => _journal.CheckStream(options);

    public void Dispose()
    {
        if (_owned)
        {
            _journal.Dispose();
        }
    }

    public ValueTask DisposeAsync() => _owned ? _journal.DisposeAsync() : ValueTask.CompletedTask;

    private sealed class CoreStream : IEventStream
    {
        private readonly JournalStream _stream;

        public CoreStream(JournalStream stream) => _stream = stream;

        public int MaxEntryBytes => _stream.MaxEntryBytes;

        public AppendResult Append(DateTimeOffset timestamp, ReadOnlySpan<byte> payload) => _stream.Append(timestamp, payload);

        public void AppendDurable(DateTimeOffset timestamp, ReadOnlySpan<byte> payload, TimeSpan timeout) => _stream.AppendDurable(timestamp, payload, timeout);
    }
}
