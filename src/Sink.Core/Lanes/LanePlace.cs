using System.Text;
using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Log;
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
    private const string RingFile = "ring";

    public RandomSource Random { get; init; } = RandomSource.System;

    /// <summary>Called for each object that the store confirmed.</summary>
    public Action<DeliveredObject> OnDelivered { get; init; } = static _ => { };

    /// <summary>Says where the ring lies when it does not lie in the lane's directory.</summary>
    public const string RingPlaceFile = "ring.place";

    /// <summary>Opens another directory, for a ring that an earlier run kept there; null when it cannot.</summary>
    public Func<string, StorageDirectory?> OpenElsewhere { get; init; } = static _ => null;

    /// <summary>In its own directory a ring is just that; elsewhere its name tells whose it is.</summary>
    public string RingName => LiesElsewhere ? NameElsewhere : RingFile;

    private bool LiesElsewhere => !ReferenceEquals(Directory, RingDirectory);

    private string NameElsewhere => $"s3journal-{Blake2b16.HashHex(Encoding.UTF8.GetBytes(Directory.Path))}.ring";

    /// <summary>The ring of the last run, wherever its options put it: a killed process left entries there that nothing else holds.</summary>
    public RingPlace LastRing()
    {
        if (Directory.IsLink(RingPlaceFile) || Directory.ReadAll(RingPlaceFile) is not { Length: > 0 } bytes)
        {
            return new RingPlace(Directory, RingFile);
        }

        string path = Encoding.UTF8.GetString(bytes);
        return LiesElsewhere && path == RingDirectory.Path
            ? new RingPlace(RingDirectory, RingName)
            : new RingPlace(OpenElsewhere(path), NameElsewhere);
    }

    /// <summary>
    /// Notes where the ring lies from now on, and takes the last one away: what it held is in a segment by now. Not synced:
    /// after a power loss no ring is needed.
    /// </summary>
    public void NoteRing()
    {
        RingPlace last = LastRing();
        if (last.Directory?.Path == RingDirectory.Path && last.Name == RingName)
        {
            return;
        }

        Directory.Delete(RingPlaceFile);
        if (LiesElsewhere)
        {
            using StorageFile file = Directory.Create(RingPlaceFile);
            file.Write(0, Encoding.UTF8.GetBytes(RingDirectory.Path));
        }

        last.Directory?.Delete(last.Name);
    }
}
