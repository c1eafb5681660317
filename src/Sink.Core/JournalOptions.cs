namespace Sink.Core;

/// <summary>What becomes of an entry when the journal may not grow.</summary>
public enum WhenFull
{
    /// <summary>The new entry is dropped and counted.</summary>
    DropNewest,

    /// <summary>The oldest sealed objects are given up, counted, and named in a later object's metadata; with none sealed, as <see cref="DropNewest"/>.</summary>
    DropOldest,

    /// <summary>The caller waits up to <c>MaxBlockTime</c>; then as <see cref="DropNewest"/>.</summary>
    Block,
}

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

/// <summary>Settings of a journal. Checked once, when the journal is opened, with every mistake in one message.</summary>
public class JournalOptions
{
    /// <summary>Where objects go: <c>file:///dir</c>. Required.</summary>
    public string? Destination { get; set; }
}
