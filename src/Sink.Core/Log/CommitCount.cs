namespace Sink.Core.Log;

/// <summary>How many entries of this run stand in segments below a position.</summary>
internal sealed record CommitCount(long End, long Entries);
