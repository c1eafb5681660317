using ZstdSharp.Unsafe;

namespace Benchmarks.Peers;

/// <summary>The journal's compressor as the journal sets it: zstd level 1, frames with a checksum and their size.</summary>
internal sealed class BareCompressor : IDisposable
{
    /// <summary>Input of a frame.</summary>
    public const int FrameBytes = 1 << 20;

    private readonly ZstdSharp.Compressor _compressor = new(1);
    private readonly byte[] _frame = new byte[ZstdSharp.Compressor.GetCompressBound(FrameBytes)];

    public BareCompressor()
    {
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_contentSizeFlag, 1);
    }

    /// <summary>One frame; valid until the next call.</summary>
    public ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> input) => _frame.AsSpan(0, _compressor.Wrap(input, _frame));

    public void Dispose() => _compressor.Dispose();
}
