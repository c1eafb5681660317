namespace Sink.Core;

/// <summary>What a store knows of an object.</summary>
/// <param name="Key">As it was put: <see cref="ObjectPut.Key"/>.</param>
/// <param name="Length">In bytes, exactly: by it the journal tells its own object from another.</param>
/// <param name="Metadata">The document of <see cref="ObjectPut.Metadata"/>, verbatim. Null when the object has none, or a listing did not fetch it: then <see cref="ObjectStore.HeadAsync"/> is asked.</param>
public sealed record StoredObject(string Key, long Length, string? Metadata)
{
    /// <summary>When it was put, by the store's clock; null where the store does not say.</summary>
    public DateTimeOffset? StoredAt { get; init; }
}
