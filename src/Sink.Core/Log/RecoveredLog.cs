namespace Sink.Core.Log;

/// <summary>What recovery found and made: ready for appends from <see cref="Next"/> on.</summary>
internal sealed record RecoveredLog(Run Run, Ring Ring, SegmentSet Segments, long Next, IReadOnlyList<LogHole> Holes, IReadOnlyList<string> Damages);
