using ZstdSharp;

namespace Sink.Core.Compressing;

/// <summary>Decodes concatenated zstd frames; turns the library's own exception into the one every decoder here throws.</summary>
internal sealed class ZstdDecodingStream : ForwardStream
{
    private readonly DecompressionStream _frames;

    public ZstdDecodingStream(Stream compressed)
    {
        // checkEndOfStream: an end inside a frame throws EndOfStreamException.
        _frames = new DecompressionStream(compressed, bufferSize: 0, checkEndOfStream: true, leaveOpen: false);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _frames.Read(buffer);
        }
        catch (ZstdException e)
        {
            throw Damaged(e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _frames.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (ZstdException e)
        {
            throw Damaged(e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _frames.Dispose();
        }

        base.Dispose(disposing);
    }

    private static InvalidDataException Damaged(ZstdException cause) => new($"The zstd data is damaged: {cause.Message}.", cause);
}
