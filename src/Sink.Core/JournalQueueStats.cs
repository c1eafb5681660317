namespace Sink.Core;

/// <summary>The stages of a journal at one moment.</summary>
/// <param name="InProgress">Objects being uploaded.</param>
/// <param name="Completed">Objects the store confirmed since the open.</param>
/// <param name="Retried">Uploads that failed and were or will be tried again.</param>
/// <param name="Enqueued">Sealed objects that are not delivered, those being uploaded included.</param>
/// <param name="Segments">Segments of the log on disk.</param>
/// <param name="OpenObjects">Objects that still take entries.</param>
public readonly record struct JournalQueueStats(int InProgress, long Completed, long Retried, int Enqueued, int Segments, int OpenObjects);
