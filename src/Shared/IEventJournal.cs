using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>What a front end needs of a journal.</summary>
internal interface IEventJournal : IDisposable, IAsyncDisposable
{
    /// <param name="name">The stream's name.</param>
    /// <param name="options">Null: a stream as the journal's own settings make it.</param>
    /// <exception cref="ArgumentException">The name is not usable.</exception>
    /// <exception cref="JournalException">The stream was opened with other options.</exception>
    IEventStream GetStream(string name, StreamOptions? options = null);

    /// <summary>As <see cref="Journal.Append"/>.</summary>
    /// <exception cref="ArgumentException">The event names no usable stream.</exception>
    AppendResult Append(IStorableEvent storableEvent);

    /// <exception cref="JournalException">Streams with these options cannot be opened.</exception>
    void CheckStream(StreamOptions options);
}

/// <summary>What a front end needs of a stream; the contracts are <see cref="JournalStream"/>'s.</summary>
internal interface IEventStream
{
    int MaxEntryBytes { get; }

    AppendResult Append(DateTimeOffset timestamp, ReadOnlySpan<byte> payload);

    void AppendDurable(DateTimeOffset timestamp, ReadOnlySpan<byte> payload, TimeSpan timeout);
}
