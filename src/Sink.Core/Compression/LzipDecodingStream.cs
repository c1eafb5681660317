using System.Buffers.Binary;
using SharpCompress.Compressors.LZMA;

namespace Sink.Core.Compressing;

/// <summary>
/// Decodes concatenated lzip members. Each is handed to a decoder of its own, which stops at the end marker; what stands
/// behind it is compared with what came out.
/// </summary>
internal sealed class LzipDecodingStream : ForwardStream
{
    /// <summary>The most that is decoded between two fills: see <see cref="LzipInput.Ahead"/>.</summary>
    public const int PieceBytes = 1024;

    private readonly LzipInput _input;
    private readonly byte[] _piece = new byte[PieceBytes];
    private LzmaStream? _member;
    private long _memberStart;
    private uint _crc;
    private long _textBytes;
    private bool _hasEnded;
    private bool _isDamaged;

    public LzipDecodingStream(Stream compressed)
    {
        _input = new LzipInput(compressed);
    }

    public override int Read(Span<byte> buffer)
    {
        int count = 0;
        while (count == 0 && !_hasEnded && !buffer.IsEmpty)
        {
            _input.Fill();
            count = Decode(buffer);
        }

        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = 0;
        while (count == 0 && !_hasEnded && !buffer.IsEmpty)
        {
            await _input.FillAsync(cancellationToken).ConfigureAwait(false);
            count = Decode(buffer.Span);
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hasEnded = true;
            _member?.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A piece of the member; 0 at its end, and at the end of all.</summary>
    private int Decode(Span<byte> buffer)
    {
        if (_isDamaged)
        {
            throw new InvalidDataException("The lzip data cannot be read on behind damage.");
        }

        if (_member is null && _input.IsAtEnd)
        {
            _hasEnded = true;
            return 0;
        }

        try
        {
            _isDamaged = true;
            _member ??= Begin();
            int count = _member.Read(_piece, 0, Math.Min(PieceBytes, buffer.Length));
            if (count == 0)
            {
                End(_member);
            }

            _isDamaged = false;
            _crc = LzipMember.UpdateCrc(_crc, _piece.AsSpan(0, count));
            _textBytes += count;
            _piece.AsSpan(0, count).CopyTo(buffer);
            return count;
        }
        catch (Exception e) when (e is not (EndOfStreamException or InvalidDataException or OutOfMemoryException))
        {
            // The source is not read in here: whatever the decoder throws, the bytes are to blame.
            throw new InvalidDataException($"The lzip data is damaged: {e.Message}", e);
        }
    }

    private LzmaStream Begin()
    {
        _memberStart = _input.Taken;
        (_crc, _textBytes) = (0, 0);
        byte[] properties = new byte[5];
        properties[0] = LzipMember.LzmaProperties;
        BinaryPrimitives.WriteInt32LittleEndian(properties.AsSpan(1), LzipMember.ReadHeader(_input.Take(LzipMember.HeaderBytes)));
        return LzmaStream.Create(properties, _input, leaveOpen: true);
    }

    private void End(LzmaStream member)
    {
        member.Dispose();
        _member = null;
        ReadOnlySpan<byte> trailer = _input.Take(LzipMember.TrailerBytes);
        LzipMember.CheckTrailer(trailer, _crc, _textBytes, _input.Taken - _memberStart);
    }
}
