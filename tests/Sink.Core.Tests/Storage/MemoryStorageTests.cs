using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Storage;

public sealed class MemoryStorageTests : StorageBehaviour
{
    private readonly StorageDirectory _root = new MemoryDisk().Root;

    private protected override StorageDirectory Root => _root;
}
