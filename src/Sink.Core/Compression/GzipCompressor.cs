using System.Buffers;
using System.IO.Compression;

namespace Sink.Core.Compressing;

/// <summary>Gzip members (RFC 1952).</summary>
internal sealed class GzipCompressor : Compressor
{
    public const string CompressorName = "gzip";
    public const string KeySuffix = ".gz";

    /// <summary>What gzip itself does when it is not told otherwise.</summary>
    public const int DefaultLevel = 6;

    private readonly ZLibCompressionOptions _options;

    public GzipCompressor(int level)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 9);
        _options = new ZLibCompressionOptions { CompressionLevel = level };
    }

    public override string Name => CompressorName;

    public override string Suffix => KeySuffix;

    public override string ContentType => "application/gzip";

    public override void Compress(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        // A gzip stream that was given nothing writes nothing, not even a header.
        using GZipStream member = new(new BufferWriterStream(output), _options);
        member.Write(input);
    }

    public override Stream Decompress(Stream compressed) => new GzipDecodingStream(compressed);
}
