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
        Compression.Xz => new XzCompressor(level ?? XzCompressor.DefaultLevel),
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "Not a compression."),
    };

    /// <summary>The levels of a compression, and the one a journal uses when it is not told otherwise; null when there are none to choose from.</summary>
    public static (int Least, int Most, int Usual)? Levels(Compression compression) => compression switch
    {
        Compression.Zstd => (-5, 22, ZstdCompressor.DefaultLevel),
        Compression.Gzip => (0, 9, 1),
        Compression.Lzma => (0, LzmaCompressor.MostLevel, LzmaCompressor.DefaultLevel),
        Compression.Xz => (0, XzCompressor.MostLevel, XzCompressor.DefaultLevel),
        _ => null,
    };

    /// <summary>Whether it can be used on this machine.</summary>
    public static bool IsPresent(Compression compression) => compression != Compression.Xz || Liblzma.IsPresent;

    /// <summary>What to say at the start to whoever chose that; null for most. The rates are those of the README's table.</summary>
    public static string? Advice(Compression compression)
    {
        string? rates = compression switch
        {
            Compression.Lzma => "5 MB of entries a second at level 6 and 19 at level 0",
            Compression.Xz => "6 MB of entries a second at level 6 and 43 at level 0",
            _ => null,
        };
        return rates is null ? null : $"Compression is {compression}, which packs about {rates}. An application that logs more should choose Zstd, or its log grows to MaxDiskBytes.";
    }

    /// <summary>The compressor that an object's metadata names, or null when this version does not know it.</summary>
    public static Compressor? FromName(string name) => name switch
    {
        ZstdCompressor.CompressorName => Create(Compression.Zstd, null),
        GzipCompressor.CompressorName => Create(Compression.Gzip, null),
        NoCompressor.CompressorName => Create(Compression.None, null),
        SnappyCompressor.CompressorName => Create(Compression.Snappy, null),
        LzmaCompressor.CompressorName => Create(Compression.Lzma, null),
        XzCompressor.CompressorName => Create(Compression.Xz, null),
        _ => null,
    };
}
