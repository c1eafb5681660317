using Sink.Core.Delivery;
using Sink.Core.Log;

namespace Sink.Core.Packing;

/// <content>What the log no longer gives back: reported as bytes, and counted as entries where their number is known.</content>
internal sealed partial class Packer
{
    private void OnHole(LogHole hole)
    {
        if (hole.To <= _holesToldTo)
        {
            // Met again on the way back from a failure.
            return;
        }

        _holesToldTo = hole.To;
        _missesOwn |= hole.To > _countFrom;
        _log.NoteHole(hole);
    }

    /// <summary>
    /// A frame with a right checksum that no append of ours makes: its name would lead a key elsewhere, or its time is none. Somebody
    /// wrote it so; it is counted as damage, and costs nothing but itself.
    /// </summary>
    private void Refuse(in FrameView frame, bool isNews)
    {
        if (isNews)
        {
            Lose(1, $"An entry at {frame.Position} of the log in {_directory.Path} has a name or a time that none of ours has: it is left out.");
        }
    }

    /// <summary>
    /// Of this run it is known how many entries the log was given: those that a hole took are counted when packing has come
    /// to the end of a commit.
    /// </summary>
    private void CountLost()
    {
        if (!_missesOwn || _log.InSegments is not { } given || given.End != _cursor.Position)
        {
            return;
        }

        _missesOwn = false;
        long lost = given.Entries - _own - _ownLost;
        if (lost > 0)
        {
            _ownLost += lost;
            Lose(lost, $"The damage in the log of {_directory.Path} took {lost} entries that were stored since it was opened.");
        }
    }

    private void Lose(long entries, string message)
    {
        _log.Dropped.Add(DropCause.Damaged, entries);
        _dropped += new DroppedEntries(0, 0, entries);
        Warn(JournalFailureKind.Permanent, message, entries);
    }
}
