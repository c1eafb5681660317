namespace Sink.Core.Tests.Journals;

/// <summary>Alone, since standard error and the pool belong to the whole process.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class ProcessWide;
