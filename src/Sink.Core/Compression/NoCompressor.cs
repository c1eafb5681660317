using System.Buffers;

namespace Sink.Core.Compressing;

/// <summary>Bytes as they are.</summary>
internal sealed class NoCompressor : Compressor
{
    public const string CompressorName = "none";

    public override string Name => CompressorName;

    public override string Suffix => "";

    /// <summary>What the bytes are is for the framing to say.</summary>
    public override string ContentType => "application/octet-stream";

    public override void Compress(ReadOnlySpan<byte> input, IBufferWriter<byte> output) => output.Write(input);

    public override Stream Decompress(Stream compressed) => compressed;
}
