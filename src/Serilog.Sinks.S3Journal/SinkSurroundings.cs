using Sink.Core;

namespace Serilog.Sinks.S3Journal;

/// <summary>What a sink takes from its surroundings.</summary>
/// <param name="TimeProvider">Times the waits between tries to open.</param>
/// <param name="ReportToStandardError">Whether the first failure that nobody listens for is printed.</param>
/// <param name="Subscribe">Asks for the journal's later failures; null for a journal of the user's.</param>
internal sealed record SinkSurroundings(TimeProvider TimeProvider, bool ReportToStandardError, Action<Action<JournalFailure>>? Subscribe = null);
