namespace Sink.Core.Log;

/// <summary>The frames between durable and head, as the committer walks them.</summary>
internal sealed class RingFrames(Ring ring, uint seed)
{
    /// <summary>
    /// Walks the frames that the next commit takes. A page of the ring whose writeback failed may have been read back
    /// old: such bytes are replaced by padding before they reach a segment.
    /// </summary>
    public long Check(long from, long head, out long entries, out bool endsInPadding)
    {
        long position = from;
        long most = from + (ring.Capacity / 2);
        entries = 0;
        endsInPadding = false;
        while (position < head)
        {
            int size = SizeOfFrameAt(position, head, out bool padding, out bool entry);
            if (size == 0)
            {
                size = ReplaceDamage(position, head);
                padding = true;
            }

            if (position + size > most && position > from)
            {
                break;
            }

            position += size;
            endsInPadding = padding;
            entries += entry ? 1 : 0;
        }

        return position;
    }

    private int SizeOfFrameAt(long position, long head, out bool padding, out bool entry)
    {
        padding = false;
        entry = false;
        int most = (int)Math.Min(Math.Min(ring.ToWrap(position), head - position), int.MaxValue - Frame.Alignment);
        if (!Frame.TryParse(ring.At(position, most), seed, position, out FrameView frame) || frame.Size > most)
        {
            return 0;
        }

        padding = frame.IsPadding;
        entry = frame.IsEntry;
        return frame.Size;
    }

    private int ReplaceDamage(long position, long head)
    {
        long most = Math.Min(position + ring.ToWrap(position), head);
        long next = position + Frame.Alignment;
        while (next < most && SizeOfFrameAt(next, head, out _, out _) == 0)
        {
            next += Frame.Alignment;
        }

        int size = (int)(next - position);
        Frame.WritePadding(ring.At(position, Frame.PaddingWordBytes), seed, position, size);
        return size;
    }
}
