namespace Sink.Core;

/// <summary>How objects are compressed.</summary>
public enum Compression
{
    /// <summary>Zstandard frames, suffix <c>.zst</c>.</summary>
    Zstd,

    /// <summary>Gzip members, suffix <c>.gz</c>.</summary>
    Gzip,

    /// <summary>Not compressed.</summary>
    None,
}
