namespace Sink.Core.Tests.Fakes;

/// <summary>A directory, file or map of a process that has died was used: code of the old run is still alive.</summary>
internal sealed class StaleHandleException(string message) : Exception(message);
