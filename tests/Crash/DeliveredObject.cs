using Sink.Core.Delivery;

namespace Crash;

/// <summary>An object of the bucket, read to its end.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Document">Its metadata, as it stands there.</param>
/// <param name="Metadata">The same, read.</param>
/// <param name="Entries">Its entries in order; null is one that no child wrote.</param>
internal sealed record DeliveredObject(string Key, string Document, ObjectMetadata Metadata, IReadOnlyList<Entry?> Entries)
{
    public string Stream => Metadata.Stream;

    /// <summary>The date it is filed under; all of its entries are of that.</summary>
    public DateTime Date => DateTime.UnixEpoch.AddMilliseconds(Metadata.Start).Date;
}
