namespace Sink.Core;

/// <summary>What becomes of an entry when the journal may not grow.</summary>
public enum WhenFull
{
    /// <summary>The new entry is dropped and counted.</summary>
    DropNewest,

    /// <summary>The oldest sealed objects are given up, counted, and named in a later object's metadata; with none sealed, as <see cref="DropNewest"/>.</summary>
    DropOldest,

    /// <summary>The caller waits up to <see cref="JournalOptions.MaxBlockTime"/>; then as <see cref="DropNewest"/>.</summary>
    Block,
}
