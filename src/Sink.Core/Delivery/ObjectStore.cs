using Sink.Core.Storage;

namespace Sink.Core.Delivery;

/// <summary>How a put ended.</summary>
internal enum PutOutcome
{
    /// <summary>The store has the object, durably.</summary>
    Stored,

    /// <summary>The key exists; nothing was written. Whether it holds the same bytes is the caller's question.</summary>
    AlreadyThere,

    /// <summary>The bytes no longer have the digest they were sealed with; nothing was stored.</summary>
    Damaged,

    /// <summary>The store will not take this object; others may pass.</summary>
    Rejected,

    /// <summary>The store is away, busy, full, or refuses everything; the same put may pass later.</summary>
    Unavailable,
}

/// <summary>The end of a put, with what to tell the user when it did not store.</summary>
internal readonly record struct PutResult(PutOutcome Outcome, string? Message = null, Exception? Exception = null);

/// <summary>A sealed object on its way out. The same object is put with the same key, bytes and metadata at every try.</summary>
/// <param name="Key">Key below the store's root, with '/' between segments.</param>
/// <param name="Data">The object's bytes, from 0 to <paramref name="Length"/>.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Metadata">The metadata document: ASCII JSON, verbatim.</param>
/// <param name="Md5">MD5 of the bytes, fixed when the object was sealed.</param>
internal sealed record ObjectPut(string Key, StorageFile Data, long Length, string ContentType, string Metadata, ReadOnlyMemory<byte> Md5);

/// <summary>What a store knows of an object. <paramref name="Metadata"/> is null when the object has no metadata document, or a listing did not fetch it.</summary>
internal sealed record StoredObject(string Key, long Length, string? Metadata)
{
    /// <summary>When it was put, by the store's clock; null where the store does not say.</summary>
    public DateTimeOffset? StoredAt { get; init; }
}

/// <summary>Where objects go. Puts never overwrite. A store that is away throws only from list, head, get and delete; a put answers <see cref="PutOutcome.Unavailable"/>.</summary>
internal abstract class ObjectStore : IDisposable
{
    /// <summary>The destination as the user wrote it, without secrets, for messages.</summary>
    public abstract string Location { get; }

    public abstract Task<PutResult> PutAsync(ObjectPut put, CancellationToken cancellationToken);

    /// <summary>Objects whose key begins with <paramref name="prefix"/>, in the order of their keys' UTF-8 bytes.</summary>
    public abstract IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The object with its metadata, or null when there is none.</summary>
    /// <exception cref="StoreAccessException">The store does not let us look.</exception>
    public abstract Task<StoredObject?> HeadAsync(string key, CancellationToken cancellationToken);

    /// <summary>The object's bytes, or null when there is none.</summary>
    public abstract Task<Stream?> GetAsync(string key, CancellationToken cancellationToken);

    public abstract Task DeleteAsync(string key, CancellationToken cancellationToken);

    public virtual void Dispose()
    {
    }
}
