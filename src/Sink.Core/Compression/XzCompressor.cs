using System.Buffers;
using System.Numerics;

namespace Sink.Core.Compressing;

/// <summary>Xz streams (LZMA2), by the system's liblzma. Without it an instance has its names, and throws when it is used.</summary>
internal sealed class XzCompressor : Compressor
{
    public const string CompressorName = "xz";
    public const string KeySuffix = ".xz";

    /// <summary>As of the xz tool.</summary>
    public const int DefaultLevel = 6;

    public const int MostLevel = 9;

    /// <summary>What to do where liblzma is missing.</summary>
    public const string Installing = "install it (apt-get install liblzma5, dnf install xz-libs, apk add xz-libs, brew install xz; on Windows put liblzma.dll beside the program)";

    /// <summary>What is wrong with an option that asks for xz there.</summary>
    public const string Missing = $"is Xz, which needs the library liblzma, and this machine does not have it; {Installing}, or write Lzma";

    // The dictionary of level 6; the levels above differ from it in nothing but larger ones, and a frame is 1 MiB at most as a
    // rule. An encoder takes some twelve times as much.
    private const int LargestDictionary = 1 << 23;
    private const int LeastDictionary = 1 << 12;

    private const int PieceBytes = 4096;

    private readonly int _level;
    private XzCoder? _coder;

    public XzCompressor(int level)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MostLevel);
        _level = level;
    }

    public override string Name => CompressorName;

    public override string Suffix => KeySuffix;

    public override string ContentType => "application/x-xz";

    /// <exception cref="JournalException">liblzma is not installed.</exception>
    public static void ThrowIfMissing()
    {
        if (!Liblzma.IsPresent)
        {
            throw new JournalException($"Xz needs the library liblzma, which this machine does not have: {Installing}.");
        }
    }

    public override void Compress(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (input.IsEmpty)
        {
            return;
        }

        // From frame to frame the same memory, as long as they are of about one size.
        _coder ??= new XzCoder();
        _coder.BeginEncoding(_level, (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)input.Length), LeastDictionary, LargestDictionary));
        XzStatus status = XzStatus.Ok;
        while (status == XzStatus.Ok)
        {
            status = _coder.Code(input, output.GetSpan(PieceBytes), isLast: true, out int taken, out int written);
            input = input[taken..];
            output.Advance(written);
        }

        if (status != XzStatus.StreamEnd)
        {
            throw new InvalidOperationException($"liblzma fails to compress: {status}.");
        }
    }

    public override Stream Decompress(Stream compressed)
    {
        ThrowIfMissing();
        return new XzDecodingStream(compressed);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _coder?.Dispose();
        }

        base.Dispose(disposing);
    }
}
