using System.Buffers;
using System.Numerics;
using SharpCompress.Compressors.LZMA;

namespace Sink.Core.Compressing;

/// <summary>
/// Lzip members. The library's own lzip stream knows one setting only and reads one member only; its LZMA coder is all that
/// is used. It takes its dictionary from the pool, and some 700 KiB for each frame that it does not give back to it.
/// </summary>
internal sealed class LzmaCompressor : Compressor
{
    public const string CompressorName = "lzma";
    public const string KeySuffix = ".lz";

    /// <summary>As of lzip itself. Below it zstd 1 is as dense on log lines, and many times as fast.</summary>
    public const int DefaultLevel = 6;

    // Largest dictionary and longest match that is looked for. A frame is 1 MiB at most as a rule: a larger dictionary finds nothing more.
    private static readonly (int Dictionary, int Match)[] _levels =
    [
        (1 << 16, 5), (1 << 18, 6), (1 << 20, 8), (1 << 20, 12), (1 << 20, 16),
        (1 << 20, 24), (1 << 20, 32), (1 << 21, 64), (1 << 22, 128), (1 << 23, 273),
    ];

    private readonly int _largestDictionary;
    private readonly int _longestMatch;

    public LzmaCompressor(int level)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MostLevel);
        (_largestDictionary, _longestMatch) = _levels[level];
    }

    public static int MostLevel => _levels.Length - 1;

    public override string Name => CompressorName;

    public override string Suffix => KeySuffix;

    public override string ContentType => "application/x-lzip";

    public override void Compress(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (input.IsEmpty)
        {
            return;
        }

        int dictionary = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)input.Length), LzipMember.LeastDictionary, (uint)_largestDictionary);
        LzipMember.WriteHeader(output, dictionary);
        BufferWriterStream data = new(output);
        using (LzmaStream encoder = LzmaStream.Create(new LzmaEncoderProperties(eos: true, dictionary, _longestMatch), isLzma2: false, data))
        {
            encoder.Write(input);
        }

        LzipMember.WriteTrailer(output, input, LzipMember.HeaderBytes + data.Written + LzipMember.TrailerBytes);
    }

    public override Stream Decompress(Stream compressed) => new LzipDecodingStream(compressed);
}
