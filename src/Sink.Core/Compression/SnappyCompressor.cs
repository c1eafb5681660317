using System.Buffers;
using Snappier;

namespace Sink.Core.Compressing;

/// <summary>The snappy framing format: for each frame a stream identifier, then chunks of at most 64 KiB with a checksum each.</summary>
internal sealed class SnappyCompressor : Compressor
{
    public const string CompressorName = "snappy";
    public const string KeySuffix = ".sz";

    public override string Name => CompressorName;

    public override string Suffix => KeySuffix;

    public override string ContentType => "application/x-snappy-framed";

    public override void Compress(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (input.IsEmpty)
        {
            return;
        }

        output.Write(SnappyChunk.StreamIdentifier);
        for (; !input.IsEmpty; input = input[Math.Min(SnappyChunk.MostText, input.Length)..])
        {
            WriteChunk(input[..Math.Min(SnappyChunk.MostText, input.Length)], output);
        }
    }

    public override Stream Decompress(Stream compressed) => new SnappyDecodingStream(compressed);

    private static void WriteChunk(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        Span<byte> room = output.GetSpan(SnappyChunk.HeaderBytes + SnappyChunk.ChecksumBytes + Snappy.GetMaxCompressedLength(text.Length));
        Span<byte> body = room[(SnappyChunk.HeaderBytes + SnappyChunk.ChecksumBytes)..];
        int length = Snappy.Compress(text, body);
        byte type = SnappyChunk.Compressed;
        if (length >= text.Length)
        {
            type = SnappyChunk.Uncompressed;
            length = text.Length;
            text.CopyTo(body);
        }

        SnappyChunk.WriteHeader(room, type, length + SnappyChunk.ChecksumBytes, SnappyChunk.Checksum(text));
        output.Advance(SnappyChunk.HeaderBytes + SnappyChunk.ChecksumBytes + length);
    }
}
