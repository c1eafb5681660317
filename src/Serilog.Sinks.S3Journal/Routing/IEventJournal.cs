using Sink.Core;

namespace Serilog.Sinks.S3Journal.Routing;

/// <summary>What the sinks need of a journal.</summary>
internal interface IEventJournal : IDisposable, IAsyncDisposable
{
    /// <exception cref="ArgumentException">The name is not usable.</exception>
    IEventStream GetStream(string name);
}

/// <summary>What the sinks need of a stream; the contracts are <see cref="JournalStream"/>'s.</summary>
internal interface IEventStream
{
    AppendResult Append(DateTimeOffset timestamp, ReadOnlySpan<byte> payload);

    void AppendDurable(DateTimeOffset timestamp, ReadOnlySpan<byte> payload, TimeSpan timeout);
}
