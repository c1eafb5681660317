namespace Sink.Core.Tests.Fakes;

/// <summary>On a real disk a store to this map could be a SIGBUS, which nothing can catch.</summary>
internal sealed class UnsafeMappingException(string message) : Exception(message);
