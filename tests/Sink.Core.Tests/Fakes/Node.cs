namespace Sink.Core.Tests.Fakes;

/// <summary>What a name can mean: a file or a directory of the volume.</summary>
internal abstract class Node;
