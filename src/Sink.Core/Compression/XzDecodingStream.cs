using System.Buffers;

namespace Sink.Core.Compressing;

/// <summary>Decodes concatenated xz streams, with the format's padding between and behind them. What came out before damage is given out first.</summary>
internal sealed class XzDecodingStream : ForwardStream
{
    /// <summary>Eight times the largest dictionary this package writes, which is the one of <c>xz -9</c>, and some room; the format allows 4 GiB.</summary>
    public const int MostMemory = (64 + 4) << 20;

    private const int InputBytes = 64 * 1024;

    private readonly Stream _source;
    private byte[] _input = ArrayPool<byte>.Shared.Rent(InputBytes);
    private XzCoder? _coder;

    // What of _input was not taken yet.
    private int _from;
    private int _to;
    private bool _hasSourceEnded;

    // The last answer; an error is thrown at the read behind the one that gave out what came before it.
    private XzStatus _status;

    // The last read was filled to the brim: there may be more without further input.
    private bool _mayHaveMore;
    private bool _hasEnded;
    private bool _isLost;

    public XzDecodingStream(Stream compressed)
    {
        _source = compressed;
    }

    private bool WantsInput => _from == _to && _status == XzStatus.Ok && !_hasSourceEnded && !_mayHaveMore;

    public override int Read(Span<byte> buffer)
    {
        int count = 0;
        while (count == 0 && !_hasEnded && !buffer.IsEmpty)
        {
            if (WantsInput)
            {
                Add(_source.Read(_input));
            }

            count = Decode(buffer);
        }

        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = 0;
        while (count == 0 && !_hasEnded && !buffer.IsEmpty)
        {
            if (WantsInput)
            {
                Add(await _source.ReadAsync(_input, cancellationToken).ConfigureAwait(false));
            }

            count = Decode(buffer.Span);
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _input.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_input);
            (_input, _from, _to, _hasEnded) = ([], 0, 0, true);
            _coder?.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Add(int count)
    {
        (_from, _to) = (0, count);
        _hasSourceEnded = count == 0;
    }

    /// <summary>0 when there is nothing yet, and at the end.</summary>
    private int Decode(Span<byte> buffer)
    {
        if (_isLost)
        {
            throw new InvalidDataException("The xz data cannot be read on behind damage.");
        }

        if (_coder is null && _hasSourceEnded)
        {
            // No byte at all: to liblzma that is a stream that was cut.
            _hasEnded = true;
            return 0;
        }

        int written = _status == XzStatus.Ok ? GoOn(buffer) : 0;
        if (written > 0 || _status == XzStatus.Ok)
        {
            return written;
        }

        _hasEnded = _status == XzStatus.StreamEnd;
        _isLost = !_hasEnded;
        return _hasEnded ? 0 : throw Fault(_status);
    }

    private int GoOn(Span<byte> buffer)
    {
        XzCoder coder = _coder ?? Begin();
        _status = coder.Code(_input.AsSpan(_from, _to - _from), buffer, _hasSourceEnded, out int taken, out int written);
        _from += taken;
        _mayHaveMore = written == buffer.Length;
        if (_status == XzStatus.NoProgress && !_hasSourceEnded)
        {
            _status = XzStatus.Ok;
        }

        return written;
    }

    private XzCoder Begin()
    {
        // Kept only when it has begun: one that has not would call sound data damaged.
        XzCoder coder = new();
        try
        {
            coder.BeginDecoding(MostMemory);
        }
        catch (InsufficientMemoryException)
        {
            coder.Dispose();
            throw;
        }

        return _coder = coder;
    }

    private static Exception Fault(XzStatus status) => status switch
    {
        XzStatus.NoProgress => new EndOfStreamException("The xz data ends in the middle of a stream."),
        XzStatus.NoMemory => new InsufficientMemoryException("There is not enough memory to decompress the xz data."),
        XzStatus.WrongFormat => new InvalidDataException("The bytes are not xz data, or xz data is followed by something else."),
        XzStatus.MemoryLimit => new InvalidDataException($"The xz data wants more than {MostMemory >> 20} MiB of memory, as a dictionary above 64 MiB does."),
        XzStatus.UnknownOptions or XzStatus.UnsupportedCheck => new InvalidDataException("The xz data is damaged, or of a kind that this machine's liblzma does not know."),
        _ => new InvalidDataException("The xz data is damaged."),
    };
}
