using System.Buffers;
using System.Buffers.Binary;
using Snappier;

namespace Sink.Core.Compressing;

/// <summary>
/// Decodes concatenated streams of the snappy framing format, a chunk at a time, each checked before any of it is given out.
/// </summary>
internal sealed class SnappyDecodingStream : ForwardStream
{
    private readonly Stream _input;
    private byte[] _piece = ArrayPool<byte>.Shared.Rent(SnappyChunk.MostBytes);
    private byte[] _text = ArrayPool<byte>.Shared.Rent(SnappyChunk.MostText);

    // What of _text was not given out yet.
    private int _from;
    private int _to;

    // What of the chunk was not read yet; -1 before its header.
    private int _left = -1;
    private byte _type;
    private bool _hasBegun;
    private bool _hasEnded;

    // Damage was found, or a read failed with part of a piece taken: where the next chunk begins is not known any more.
    private bool _isLost;

    public SnappyDecodingStream(Stream compressed)
    {
        _input = compressed;
    }

    public override int Read(Span<byte> buffer)
    {
        while (_from == _to && !_hasEnded && !buffer.IsEmpty)
        {
            Span<byte> piece = BeginPiece().Span;
            Take(piece, _input.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false));
            _isLost = false;
        }

        return GiveOut(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_from == _to && !_hasEnded && !buffer.IsEmpty)
        {
            Memory<byte> piece = BeginPiece();
            int count = await _input.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            Take(piece.Span, count);
            _isLost = false;
        }

        return GiveOut(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _piece.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_piece);
            ArrayPool<byte>.Shared.Return(_text);
            (_piece, _text, _from, _to, _hasEnded) = ([], [], 0, 0, true);
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private Memory<byte> BeginPiece()
    {
        if (_isLost)
        {
            throw new InvalidDataException("The snappy data cannot be read on behind damage or a read that failed.");
        }

        _isLost = true;
        return _piece.AsMemory(0, _left < 0 ? SnappyChunk.HeaderBytes : Math.Min(_left, SnappyChunk.MostBytes));
    }

    private int GiveOut(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _to - _from);
        _text.AsSpan(_from, count).CopyTo(buffer);
        _from += count;
        return count;
    }

    private void Take(ReadOnlySpan<byte> piece, int count)
    {
        // No stream of ours is empty: behind an identifier there was more.
        bool isEnd = count == 0 && _left < 0 && _type != SnappyChunk.Identifier;
        if (isEnd)
        {
            _hasEnded = true;
            return;
        }

        if (count < piece.Length)
        {
            throw new EndOfStreamException("The snappy data ends in the middle of a chunk.");
        }

        if (_left < 0)
        {
            BeginChunk(piece);
        }
        else
        {
            _left -= count;
            TakeBody(piece);
        }

        if (_left == 0)
        {
            _left = -1;
        }
    }

    private void BeginChunk(ReadOnlySpan<byte> header)
    {
        _type = header[0];
        _left = (int)(BinaryPrimitives.ReadUInt32LittleEndian(header) >> 8);
        bool isSound = _type switch
        {
            SnappyChunk.Identifier => _left == SnappyChunk.StreamIdentifier.Length - SnappyChunk.HeaderBytes,
            SnappyChunk.Compressed or SnappyChunk.Uncompressed => _hasBegun && _left > SnappyChunk.ChecksumBytes && _left <= SnappyChunk.MostBytes,
            _ => _hasBegun && _type == SnappyChunk.Padding,
        };
        _hasBegun = true;
        if (!isSound)
        {
            throw Damaged("a chunk of that kind or length cannot stand there");
        }
    }

    private void TakeBody(ReadOnlySpan<byte> body)
    {
        switch (_type)
        {
            case SnappyChunk.Identifier when !SnappyChunk.StreamIdentifier.EndsWith(body):
                throw Damaged("the stream's identifier is another");
            case SnappyChunk.Compressed:
                Decompress(body[SnappyChunk.ChecksumBytes..]);
                break;
            case SnappyChunk.Uncompressed when body.Length - SnappyChunk.ChecksumBytes > SnappyChunk.MostText:
                throw Damaged("a chunk is longer than may be");
            case SnappyChunk.Uncompressed:
                body[SnappyChunk.ChecksumBytes..].CopyTo(_text);
                (_from, _to) = (0, body.Length - SnappyChunk.ChecksumBytes);
                break;
            default:
                return;
        }

        if (_type != SnappyChunk.Identifier && SnappyChunk.Checksum(_text.AsSpan(0, _to)) != BinaryPrimitives.ReadUInt32LittleEndian(body))
        {
            _to = _from;
            throw Damaged("a checksum is wrong");
        }
    }

    private void Decompress(ReadOnlySpan<byte> block)
    {
        bool fits;
        try
        {
            // The length first: it says how much room the library takes for granted.
            int length = 0;
            fits = Snappy.GetUncompressedLength(block) <= SnappyChunk.MostText && Snappy.TryDecompress(block, _text, out length);
            (_from, _to) = (0, length);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e.Message.TrimEnd('.'));
        }

        if (!fits)
        {
            throw Damaged("a chunk is longer than may be");
        }
    }

    private static InvalidDataException Damaged(string how) => new($"The snappy data is damaged: {how}.");
}
