using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.Corruption;

/// <summary>What became of a lane with a damaged file.</summary>
/// <param name="Missing">Entries that were stored and not delivered.</param>
/// <param name="Counted">Entries that the journal counts as damaged.</param>
/// <param name="CountedBytes">Bytes of the log that it counts as damaged.</param>
/// <param name="Failures">What it reported.</param>
/// <param name="SetAside">Files set aside.</param>
internal sealed record DamageOutcome(IReadOnlyList<ModelEntry> Missing, long Counted, long CountedBytes, IReadOnlyList<JournalFailure> Failures, IReadOnlyList<string> SetAside)
{
    public bool IsReported => Failures.Any(static failure => failure.Kind == JournalFailureKind.Permanent);
}
