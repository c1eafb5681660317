using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Lanes;

/// <summary>Where a lane lies and what it works with.</summary>
/// <param name="Directory">The lane's own directory.</param>
/// <param name="RingDirectory">Where its ring lies; usually the same.</param>
/// <param name="Number">The lane's number, as its directory is named.</param>
/// <param name="Store">Where its objects go.</param>
/// <param name="Clock">Its time.</param>
internal sealed record LanePlace(StorageDirectory Directory, StorageDirectory RingDirectory, int Number, ObjectStore Store, JournalClock Clock)
{
    /// <summary>In its own directory a ring is just that; elsewhere its name tells whose it is.</summary>
    public string RingName => ReferenceEquals(Directory, RingDirectory)
        ? "ring"
        : $"s3journal-{Blake2b16.HashHex(System.Text.Encoding.UTF8.GetBytes(Directory.Path))}.ring";
}
