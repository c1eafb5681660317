namespace Sink.Core;

/// <summary>How objects are compressed. Each is a series of frames that stand alone, and a valid file of its kind; the suffix says which.</summary>
public enum Compression
{
    /// <summary>Zstandard frames, suffix <c>.zst</c>. The best balance; levels -5 to 22.</summary>
    Zstd,

    /// <summary>Gzip members, suffix <c>.gz</c>. Read by everything; levels 0 to 9.</summary>
    Gzip,

    /// <summary>Not compressed.</summary>
    None,

    /// <summary>The snappy framing format, suffix <c>.sz</c>; without levels. Hadoop's <c>.snappy</c> is another format.</summary>
    Snappy,

    /// <summary>Lzip members (LZMA), suffix <c>.lz</c>. As dense as Zstd 19 and as slow: for a few MB of log a second and less. Levels 0 to 9.</summary>
    Lzma,

    /// <summary>
    /// Xz streams (LZMA2), suffix <c>.xz</c>. As dense as <see cref="Lzma"/> and about as slow. By the system's liblzma: where
    /// that is missing the journal does not open, and the message says what to install. Levels 0 to 9.
    /// </summary>
    Xz,
}
