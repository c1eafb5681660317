namespace Sink.Core;

/// <summary>How a failure stands.</summary>
public enum JournalFailureKind
{
    /// <summary>Nothing is lost; the journal keeps trying (store away, disk full with room in the ring).</summary>
    Temporary,

    /// <summary>Entries were lost or refused; the journal goes on.</summary>
    Permanent,

    /// <summary>The journal, or what was reported, is at its end: nothing more will be tried in this process.</summary>
    Final,

    /// <summary>Nothing failed: a word at the start about a setting that may not be what was meant. Only listeners hear it; it is never printed to standard error.</summary>
    Advice,
}

/// <summary>One failure, reported once per change of state.</summary>
/// <param name="Kind">How it stands.</param>
/// <param name="Message">What happened, and what to do; never holds a secret.</param>
/// <param name="Entries">Entries concerned, 0 when none or unknown.</param>
/// <param name="Exception">The cause, when there is one.</param>
public sealed record JournalFailure(JournalFailureKind Kind, string Message, long Entries = 0, Exception? Exception = null);
