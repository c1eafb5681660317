namespace Sink.Core;

/// <summary>Counters and watermarks of a journal at one moment.</summary>
public sealed record JournalStats
{
    /// <summary>Entries stored since the journal was opened.</summary>
    public long Enqueued { get; init; }
}
