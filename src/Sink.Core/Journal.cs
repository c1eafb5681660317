using Sink.Core.Delivery;
using Sink.Core.Options;
using Sink.Core.Packing;

namespace Sink.Core;

/// <summary>A handle on this process's journal for a directory. Handles are counted: the last one disposed closes the journal.</summary>
public sealed class Journal : IDisposable, IAsyncDisposable
{
    /// <summary>Of a buffer that is kept for the next event.</summary>
    private const int MostKeptBytes = 64 * 1024;

    private readonly JournalCore _core;
    private PooledBuffer? _payload;
    private int _disposed;

    private Journal(JournalCore core)
    {
        _core = core;
    }

    /// <summary>Opens the journal of <see cref="JournalOptions.LocalDirectory"/>, or another handle on it when this process has it open.</summary>
    /// <exception cref="JournalException">
    /// The options are wrong (<see cref="JournalException.IsConfiguration"/>; every mistake in a line of the message), or
    /// the directory cannot be used.
    /// </exception>
    public static Journal Open(JournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Journal(JournalRegistry.Open(options));
    }

    /// <summary>
    /// The stream of that name, made when new. Beyond <see cref="JournalOptions.MaxStreams"/> the stream
    /// <c>_overflow</c> is returned instead, and that is reported once.
    /// </summary>
    /// <param name="name">Segments joined with '/', part of the objects' keys: no empty one, no "." or "..", no control characters; at most 256 bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">The name is not usable; the message says why.</exception>
    /// <exception cref="JournalException">The stream was opened with options of its own: see <see cref="OpenStream"/>.</exception>
    public JournalStream GetStream(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _core.GetStream(name);
    }

    /// <summary>
    /// The stream of that name with options of its own. They are put into the log before its first entry, so that a later process packs what this
    /// one left as this one would have.
    /// </summary>
    /// <param name="name">As in <see cref="GetStream"/>.</param>
    /// <param name="options">Read now; a later change means nothing.</param>
    /// <exception cref="ArgumentException">The name is not usable; the message says why.</exception>
    /// <exception cref="JournalException">The options are wrong (<see cref="CheckStream"/>), or the stream was opened with others: the message lists the differences. Or there are <see cref="JournalOptions.MaxStreams"/> others, or headers of 16 MiB.</exception>
    public JournalStream OpenStream(string name, StreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        return _core.OpenStream(name, options);
    }

    /// <summary>Whether a stream may be opened with these options, before its name is known.</summary>
    /// <exception cref="JournalException">They are wrong, or do not go with the journal's own settings; every mistake in a line of the message.</exception>
    public void CheckStream(StreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        StreamChecks.Define(options, _core.Settings);
    }

    /// <summary>
    /// Appends an event to the stream that it names, which is opened when it is not. Otherwise as <see cref="JournalStream.Append"/>: never waits for the store,
    /// and an entry that is not stored is counted and answered.
    /// </summary>
    /// <exception cref="ArgumentException">Its <see cref="IStorableEvent.StoragePath"/> is null, empty, or not usable as a stream's name; the message says why. Nothing is stored. What the event's own members throw comes through too.</exception>
    public AppendResult Append(IStorableEvent storableEvent)
    {
        ArgumentNullException.ThrowIfNull(storableEvent);
        JournalStream stream = _core.FindStream(storableEvent.StoragePath
            ?? throw new ArgumentException($"The event {storableEvent.GetType().Name} has no StoragePath (null): it names the stream to store it in.", nameof(storableEvent)));
        PooledBuffer payload = Interlocked.Exchange(ref _payload, null) ?? new PooledBuffer();
        try
        {
            storableEvent.WritePayload(payload);
            return stream.Append(storableEvent.Timestamp, payload.Written);
        }
        finally
        {
            payload.Clear();
            if (payload.Capacity > MostKeptBytes || Interlocked.CompareExchange(ref _payload, payload, null) is not null)
            {
                payload.Dispose();
            }
        }
    }

    /// <summary>
    /// A value as part of a stream's name: percent-encoded outside letters, digits, '_', '.' and '-', so that two values
    /// never share a name; at most 64 bytes, a longer one cut and given a hash. Never empty, and never "." or "..".
    /// </summary>
    public static string EncodeStreamSegment(ReadOnlySpan<char> value) => StreamName.EncodeValue(value);

    /// <summary>
    /// Delivers everything appended before the call, what earlier runs left in this lane included. A store that is away
    /// ends it only by the token: then the result tells what still waits.
    /// </summary>
    /// <exception cref="JournalException">The disk takes no commit, the journal has failed, or the store refuses objects: the message names them.</exception>
    public Task<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => _core.Host.FlushAsync(cancellationToken);

    /// <summary>Completes when everything appended before the call is synced to the disk: what a power loss may not take. With <see cref="JournalOptions.Fsync"/> off nothing is synced: then it is in the log's files. Delivery is not waited for.</summary>
    /// <exception cref="JournalException">The disk takes no commit, or the journal has failed.</exception>
    /// <exception cref="OperationCanceledException">The token ended the wait; the entries are in the journal all the same.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default) => _core.CommitAsync(cancellationToken);

    /// <summary>Flushes every open journal of the process: for the end of a function's invocation, a scheduled job, a test.</summary>
    /// <param name="timeout">The longest to wait; what is not delivered then stays in its journal.</param>
    /// <exception cref="JournalException">As in <see cref="FlushAsync"/>; the other journals were flushed all the same.</exception>
    public static async Task FlushAllAsync(TimeSpan timeout)
    {
        using CancellationTokenSource cancel = new(timeout);
        await Task.WhenAll(JournalRegistry.All().Select(core => core.Host.FlushAsync(cancel.Token))).ConfigureAwait(false);
    }

    /// <summary>Counters and watermarks at this moment.</summary>
    public JournalStats GetStats() => JournalStats.Of(_core);

    /// <summary><see cref="GetStats"/> of every open journal of the process.</summary>
    public static IReadOnlyList<JournalStats> GetAllStats() => [.. JournalRegistry.All().Select(JournalStats.Of)];

    /// <summary>
    /// Lets go of the handle. The last one stops intake, commits, seals and delivers until
    /// <see cref="JournalOptions.ShutdownTimeout"/>; what stays on disk is reported, and delivered by the next open.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            JournalRegistry.Release(_core);
        }
    }

    /// <inheritdoc cref="Dispose" />
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return ValueTask.CompletedTask;
        }

        // A thread of its own: the wait may be long, and the pool may be what is blocked.
        return new ValueTask(Task.Factory.StartNew(static core => JournalRegistry.Release((JournalCore)core!), _core, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }
}
