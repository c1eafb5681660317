using System.IO.Compression;

namespace Sink.Core.Compressing;

/// <summary>
/// Decodes concatenated gzip members and notices a truncated tail, which <see cref="GZipStream"/> takes for the end: it
/// answers 0 wherever its input stops. So a member of ours is read behind the input. When it comes out whole, the last
/// member before it was whole; a cut member takes ours for its own bytes and never gives it back.
/// </summary>
internal sealed class GzipDecodingStream : ForwardStream
{
    private readonly GzipClosingStream _input;
    private readonly GZipStream _members;

    // How much of the closing member's text came out; -1 after all of it did.
    private int _closing;

    public GzipDecodingStream(Stream compressed)
    {
        _input = new GzipClosingStream(compressed);
        _members = new GZipStream(_input, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        while (_closing >= 0 && !buffer.IsEmpty)
        {
            int count;
            try
            {
                count = _members.Read(buffer);
            }
            catch (InvalidDataException e)
            {
                throw Damaged(e);
            }

            if (IsContent(buffer[..count]))
            {
                return count;
            }
        }

        return 0;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_closing >= 0 && !buffer.IsEmpty)
        {
            int count;
            try
            {
                count = await _members.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException e)
            {
                throw Damaged(e);
            }

            if (IsContent(buffer.Span[..count]))
            {
                return count;
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _members.Dispose();
        }

        base.Dispose(disposing);
    }

    // The decoder asks for more input only when it has given out all that the input before gave, so nothing decoded
    // after the closing member was handed over is content.
    private bool IsContent(ReadOnlySpan<byte> decoded)
    {
        if (!_input.HandedOver)
        {
            return decoded.IsEmpty ? throw new InvalidDataException("The gzip data is followed by something that is not gzip.") : true;
        }

        ReadOnlySpan<byte> rest = GzipClosingStream.Text[_closing..];
        if (!rest.StartsWith(decoded) || (decoded.IsEmpty && !rest.IsEmpty))
        {
            throw Damaged(null);
        }

        _closing = decoded.IsEmpty ? -1 : _closing + decoded.Length;
        return false;
    }

    private Exception Damaged(InvalidDataException? cause) => _input.HandedOver
        ? new EndOfStreamException("The gzip data ends in the middle of a member.", cause)
        : new InvalidDataException("The gzip data is damaged.", cause);
}
