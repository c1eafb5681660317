namespace Sink.Core.Compressing;

/// <summary>The compressors by option, by the name in an object's metadata, and by the suffix of its key.</summary>
internal static class Compressors
{
    /// <summary>A compressor of that level; null takes the default of its kind. Levels mean nothing to <see cref="Compression.None"/>.</summary>
    public static Compressor Create(Compression compression, int? level) => compression switch
    {
        Compression.Zstd => new ZstdCompressor(level ?? ZstdCompressor.DefaultLevel),
        Compression.Gzip => new GzipCompressor(level ?? GzipCompressor.DefaultLevel),
        Compression.None => new NoCompressor(),
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "Not a compression."),
    };

    /// <summary>The compressor that an object's metadata names, or null when this version does not know it.</summary>
    public static Compressor? FromName(string name) => name switch
    {
        ZstdCompressor.CompressorName => Create(Compression.Zstd, null),
        GzipCompressor.CompressorName => Create(Compression.Gzip, null),
        NoCompressor.CompressorName => Create(Compression.None, null),
        _ => null,
    };

    /// <summary>The compressor by the end of an object's key; an unknown suffix means not compressed.</summary>
    public static Compressor FromSuffix(string key)
    {
        if (key.EndsWith(ZstdCompressor.KeySuffix, StringComparison.Ordinal))
        {
            return Create(Compression.Zstd, null);
        }

        return Create(key.EndsWith(GzipCompressor.KeySuffix, StringComparison.Ordinal) ? Compression.Gzip : Compression.None, null);
    }
}
