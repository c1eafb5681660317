namespace Integration.Tests.Load;

/// <summary>Alone, since heap and processors belong to the whole process.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
