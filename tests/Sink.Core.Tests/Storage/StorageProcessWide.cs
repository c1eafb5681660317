namespace Sink.Core.Tests.Storage;

/// <summary>Alone, since the umask belongs to the whole process.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class StorageProcessWide;
