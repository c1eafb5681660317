namespace Sink.Core.Tests.Fakes;

/// <summary>A fault of a write that takes half of the bytes before it fails.</summary>
internal sealed class ShortWriteException() : IOException("Input/output error after half of the bytes");
