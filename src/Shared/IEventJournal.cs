using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>What a front end needs of a journal.</summary>
internal interface IEventJournal : IDisposable, IAsyncDisposable
{
    /// <exception cref="ArgumentException">The name is not usable.</exception>
    IEventStream GetStream(string name);
}

/// <summary>What a front end needs of a stream; the contracts are <see cref="JournalStream"/>'s.</summary>
internal interface IEventStream
{
    int MaxEntryBytes { get; }

    AppendResult Append(DateTimeOffset timestamp, ReadOnlySpan<byte> payload);

    void AppendDurable(DateTimeOffset timestamp, ReadOnlySpan<byte> payload, TimeSpan timeout);
}
