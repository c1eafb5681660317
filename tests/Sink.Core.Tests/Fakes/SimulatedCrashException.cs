namespace Sink.Core.Tests.Fakes;

/// <summary>The process has ended here. Not an IOException, so that no production code takes it for a fault of the disk.</summary>
internal sealed class SimulatedCrashException(string message) : Exception(message);
