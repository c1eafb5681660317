using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>
/// What the owner of a lane is doing: four bytes of the ring's header, of which each thread stores its own. They survive
/// the process and tell what it was at when it died. Nothing depends on them, so they are neither checked nor synced.
/// </summary>
/// <param name="IsCommitting">The committer has bytes to make durable.</param>
/// <param name="Packing">What the packer does.</param>
/// <param name="Uploads">Objects on their way to the store; 255 is that or more.</param>
/// <param name="Openings">How often the lane was opened without getting as far as taking appends; 255 is that or more.</param>
internal readonly record struct LanePhase(bool IsCommitting, PackingPhase Packing, int Uploads, int Openings)
{
    /// <summary>Reads it from a ring's header page.</summary>
    public static LanePhase Read(ReadOnlySpan<byte> headerPage) => new(
        headerPage[RingHeader.CommittingOffset] != 0,
        (PackingPhase)headerPage[RingHeader.PackingOffset],
        headerPage[RingHeader.UploadsOffset],
        headerPage[RingHeader.OpeningsOffset]);

    /// <summary>
    /// Notes in the ring of the last run that its lane is being opened again. Only in a ring that can be read: one byte that is
    /// not zero would make a blank one, which is no news, look damaged.
    /// </summary>
    public static void NoteOpening(RingPlace place)
    {
        if (place.Directory is not { } directory)
        {
            return;
        }

        try
        {
            using RingSource? ring = RingSource.Open(directory, place.Name, 0);
            if (ring is null || ring.HasOtherNames)
            {
                // What has another name may be somebody else's file too.
                return;
            }

            byte openings = ToByte(Read(ring.ReadHeader()).Openings + 1);
            using StorageFile? file = directory.Open(place.Name, writable: true);
            file?.Write(RingHeader.CommittingOffset, [0, (byte)PackingPhase.Idle, 0, openings]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only a note. What is wrong with the ring recovery meets itself, and says.
        }
    }

    public static byte ToByte(int count) => (byte)Math.Min(count, byte.MaxValue);
}
