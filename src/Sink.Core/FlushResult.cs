namespace Sink.Core;

/// <summary>What a flush achieved.</summary>
/// <param name="Delivered">Entries the store confirmed since the flush began.</param>
/// <param name="Waiting">Entries appended before the flush that are still on disk; 0 unless the flush was cut short.</param>
public readonly record struct FlushResult(long Delivered, long Waiting);
