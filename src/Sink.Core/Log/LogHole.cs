namespace Sink.Core.Log;

/// <summary>A range of the log that nothing readable stands in although it was durable.</summary>
internal readonly record struct LogHole(long From, long To);
