namespace Sink.Core.Compressing;

/// <summary>The built-in compressors by option, and by the name in an object's metadata.</summary>
internal static class Compressors
{
    /// <summary>A compressor of that level; null takes the default of its kind. Levels mean nothing to <see cref="Compression.None"/> and <see cref="Compression.Snappy"/>.</summary>
    public static Compressor Create(Compression compression, int? level) => compression switch
    {
        Compression.Zstd => new ZstdCompressor(level ?? ZstdCompressor.DefaultLevel),
        Compression.Gzip => new GzipCompressor(level ?? GzipCompressor.DefaultLevel),
        Compression.None => new NoCompressor(),
        Compression.Snappy => new SnappyCompressor(),
        Compression.Lzma => new LzmaCompressor(level ?? LzmaCompressor.DefaultLevel),
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "Not a compression."),
    };

    /// <summary>The levels of a compression, and the one a journal uses when it is not told otherwise; null when there are none to choose from.</summary>
    public static (int Least, int Most, int Usual)? Levels(Compression compression) => compression switch
    {
        Compression.Zstd => (-5, 22, ZstdCompressor.DefaultLevel),
        Compression.Gzip => (0, 9, 1),
        Compression.Lzma => (0, LzmaCompressor.MostLevel, LzmaCompressor.DefaultLevel),
        _ => null,
    };

    /// <summary>The compressor that an object's metadata names, or null when this version does not know it.</summary>
    public static Compressor? FromName(string name) => name switch
    {
        ZstdCompressor.CompressorName => Create(Compression.Zstd, null),
        GzipCompressor.CompressorName => Create(Compression.Gzip, null),
        NoCompressor.CompressorName => Create(Compression.None, null),
        SnappyCompressor.CompressorName => Create(Compression.Snappy, null),
        LzmaCompressor.CompressorName => Create(Compression.Lzma, null),
        _ => null,
    };
}
