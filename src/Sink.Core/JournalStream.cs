namespace Sink.Core;

/// <summary>A named, ordered sequence of entries. Safe for concurrent use; get one from <see cref="Journal.GetStream"/> and keep it.</summary>
public sealed class JournalStream
{
    /// <summary>The stream's name, part of its objects' keys.</summary>
    public string Name => throw new NotSupportedException();

    /// <summary>
    /// Puts one entry into the journal. Never throws and never waits for the store; when <see cref="AppendResult.Stored"/>
    /// is returned the entry survives the process, and after the next commit the machine.
    /// </summary>
    /// <param name="timestamp">When the entry happened: chooses the date in the object's key.</param>
    /// <param name="payload">The entry's bytes, for example one JSON document.</param>
    public AppendResult Append(DateTimeOffset timestamp, ReadOnlySpan<byte> payload) => throw new NotSupportedException();

    /// <summary>Puts one entry into the journal and returns after it was synced.</summary>
    /// <exception cref="JournalException">The entry was refused, or it is not known whether it is durable ("outcome unknown").</exception>
    public void AppendDurable(DateTimeOffset timestamp, ReadOnlySpan<byte> payload, TimeSpan timeout) => throw new NotSupportedException();

    /// <summary>Puts one entry into the journal and completes after it was synced. The payload is copied before the method returns.</summary>
    public Task AppendDurableAsync(DateTimeOffset timestamp, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
