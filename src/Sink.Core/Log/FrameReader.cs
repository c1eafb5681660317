using System.Buffers;

namespace Sink.Core.Log;

/// <summary>Reads frames from a source through one window of bounded size.</summary>
internal sealed class FrameReader : IDisposable
{
    private const int WindowBytes = 256 * 1024;

    private readonly LogSource _source;
    private byte[] _window = ArrayPool<byte>.Shared.Rent(WindowBytes);
    private long _windowPosition;
    private int _windowLength;

    public FrameReader(LogSource source)
    {
        _source = source;
    }

    public long End => _source.End;

    /// <summary>The valid frame or padding at exactly this position; false when there is none.</summary>
    public bool TryRead(long position, out FrameView frame)
    {
        frame = default;
        if (position < _source.Start || position > _source.End - Frame.PaddingWordBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> head = Window(position, 16);
        if (head.Length < Frame.PaddingWordBytes)
        {
            return false;
        }

        int needed = Frame.BytesNeeded(head, position);
        if (needed == 0 || needed > _source.End - position)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = head.Length >= needed ? head : Window(position, needed);
        return bytes.Length >= needed
            && Frame.TryParse(bytes, _source.Seed, position, out frame)
            && frame.Next <= _source.End;
    }

    /// <summary>
    /// The lowest position at or after <paramref name="position"/> and below <paramref name="limit"/> where a valid
    /// frame or padding begins; -1 when there is none. This is how readers get past damage.
    /// </summary>
    public long Find(long position, long limit)
    {
        long from = Math.Max(position, _source.Start);
        long to = Math.Min(limit, _source.End);
        for (long p = from; p < to; p += Frame.Alignment)
        {
            if (TryRead(p, out _))
            {
                return p;
            }
        }

        return -1;
    }

    /// <summary>Forgets what was read, so that bytes written since are seen, up to a limit: behind it stand reserved zeroes.</summary>
    public void Refresh(long limit)
    {
        _windowLength = 0;
        _source.Refresh(limit);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_window);
        _window = [];
        _source.Dispose();
    }

    /// <summary>At least <paramref name="count"/> bytes from the position on, fewer only where the source has no more.</summary>
    private ReadOnlySpan<byte> Window(long position, int count)
    {
        long offset = position - _windowPosition;
        if (offset >= 0 && offset + count <= _windowLength)
        {
            return _window.AsSpan((int)offset, _windowLength - (int)offset);
        }

        if (_window.Length < count)
        {
            ArrayPool<byte>.Shared.Return(_window);
            _window = ArrayPool<byte>.Shared.Rent(count);
        }
        else if (_window.Length > 4 * WindowBytes && count <= WindowBytes)
        {
            // One huge entry must not keep its window for ever.
            ArrayPool<byte>.Shared.Return(_window);
            _window = ArrayPool<byte>.Shared.Rent(WindowBytes);
        }

        _windowPosition = position;
        int wanted = (int)Math.Min(_window.Length, _source.End - position);
        _windowLength = _source.Read(position, _window.AsSpan(0, wanted));
        return _window.AsSpan(0, _windowLength);
    }
}
