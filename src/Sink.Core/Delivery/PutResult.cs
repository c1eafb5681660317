namespace Sink.Core;

/// <summary>The end of a put, with what to tell the user when it did not store.</summary>
/// <param name="Outcome">How it ended; that of a default value is <see cref="PutOutcome.Unavailable"/>.</param>
/// <param name="Message">What happened, and what to do; goes into <see cref="JournalFailure.Message"/>, so without secrets. Null says nothing.</param>
/// <param name="Exception">The cause; null when there is none.</param>
public readonly record struct PutResult(PutOutcome Outcome, string? Message = null, Exception? Exception = null);
