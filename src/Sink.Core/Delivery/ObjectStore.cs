namespace Sink.Core;

/// <summary>
/// Where objects go. For one of your own see <see cref="JournalOptions.UseObjectStore"/>. All methods may be called by several threads at once, and for
/// different keys at the same time. Keys have segments with '/' between them; what that means in the store is the store's affair, as long as no two keys meet.
/// What a method throws, or a call that hangs, holds up deliveries and loses nothing: it is reported once and tried again with growing pauses. A method that works without
/// awaiting works on the journal's delivery thread.
/// </summary>
public abstract class ObjectStore : IDisposable
{
    /// <summary>Where objects go, for messages: without secrets. Read once, when the journal is opened.</summary>
    public abstract string Location { get; }

    /// <summary>
    /// Stores an object, or says why not. It never overwrites: of two puts with one key the second answers <see cref="PutOutcome.AlreadyThere"/>, whatever its bytes. It answers
    /// <see cref="PutOutcome.Stored"/> only when the whole object and its metadata outlive a crash of the store, for then the journal deletes its copy; and an object is seen by others whole or not
    /// at all. After an answer that was lost, or a crash, the same put comes again. A store that is away may answer <see cref="PutOutcome.Unavailable"/> or throw.
    /// </summary>
    /// <param name="put">The object; its bytes can be read until the task has ended.</param>
    /// <param name="cancellationToken">Cancelled when the journal closes and <see cref="JournalOptions.ShutdownTimeout"/> has passed; the object then stays on disk for the next process. A put that does not end by it keeps the lane's files locked as long as it runs.</param>
    public abstract Task<PutResult> PutAsync(ObjectPut put, CancellationToken cancellationToken);

    /// <summary>Objects whose key begins with <paramref name="prefix"/>, each once, in any order. Called by <see cref="JournalReader"/> alone, with an empty prefix for all.</summary>
    /// <param name="prefix">Compared byte by byte; it may end inside of a segment.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public abstract IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The object with its metadata, or null when there is none. An object that was stored is found from then on: on a wrong null it is put again, on a wrong length it is stored a second time, under another key.</summary>
    /// <exception cref="StoreAccessException">The store does not let us look.</exception>
    public abstract Task<StoredObject?> HeadAsync(string key, CancellationToken cancellationToken);

    /// <summary>The object's bytes from the first to the last, or null when there is none. The stream is the caller's to dispose.</summary>
    public abstract Task<Stream?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Deletes the object and its metadata; nothing when there is none. A journal never calls it.</summary>
    public abstract Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Called once, by the journal or reader that made the store, when no call is under way any more; not when one hangs for ever.</summary>
    public virtual void Dispose()
    {
    }
}
