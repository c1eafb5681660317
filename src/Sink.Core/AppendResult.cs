namespace Sink.Core;

/// <summary>What became of an entry given to <see cref="JournalStream.Append"/>.</summary>
public enum AppendResult
{
    /// <summary>In the journal: the entry survives the process from now on, and the machine after the next commit.</summary>
    Stored,

    /// <summary>Not kept, by the policy of <see cref="WhenFull"/>, or because it came from the journal's own delivery; counted in <see cref="JournalStats"/>.</summary>
    Dropped,

    /// <summary>Larger than <c>MaxEntryBytes</c>; not kept, counted.</summary>
    TooLarge,

    /// <summary>The journal or stream is closed; not kept, counted.</summary>
    Closed,
}
