namespace Sink.Core;

/// <summary>A handle on this process's journal for a directory. Handles are counted: the last one disposed closes the journal.</summary>
public sealed class Journal : IDisposable, IAsyncDisposable
{
    /// <summary>Opens the journal, or another handle on it.</summary>
    public static Journal Open(JournalOptions options) => throw new NotSupportedException();

    /// <summary>The stream of that name, made when new.</summary>
    /// <exception cref="ArgumentException">The name is not usable; the message says why.</exception>
    public JournalStream GetStream(string name) => throw new NotSupportedException();

    /// <summary>Delivers everything appended before the call. A store that is away ends it only by the token.</summary>
    public Task<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Flushes every open journal of the process.</summary>
    public static Task FlushAllAsync(TimeSpan timeout) => throw new NotSupportedException();

    /// <summary>Counters and watermarks at this moment.</summary>
    public JournalStats GetStats() => throw new NotSupportedException();

    /// <inheritdoc />
    public void Dispose() => throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
