using System.Security.Cryptography;
using Sink.Core.Delivery;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Delivery;

/// <summary>A directory store on a disk in memory; the objects put into it lie on another, which never fails.</summary>
internal sealed class StoreFixture
{
    public const string Key = "orders/api/2026/11/22/101500-web01-k3x9q2-000000000042.ndjson.zst";

    private readonly MemoryDisk _source = new();

    public StoreFixture()
    {
        Store = NewStore();
    }

    public MemoryDisk Disk { get; init; } = new();

    public DirectoryStore Store { get; private set; }

    /// <summary>The store as a process that starts now opens it.</summary>
    public DirectoryStore NewStore() => Store = new DirectoryStore(Disk.Root, "file:///objects");

    public ObjectPut NewPut(byte[] bytes, string metadata = "{\"version\":0}", string key = Key)
    {
        StorageFile data = _source.Root.Create($"{Guid.NewGuid():N}.data");
        data.Write(0, bytes);
        return new ObjectPut(key, data, bytes.Length, "application/zstd", metadata, MD5.HashData(bytes));
    }

    public PutResult Put(ObjectPut put) => Store.PutAsync(put, CancellationToken.None).GetAwaiter().GetResult();

    public StoredObject? Head(string key) => Store.HeadAsync(key, CancellationToken.None).GetAwaiter().GetResult();

    public byte[]? Get(string key)
    {
        using Stream? stream = Store.GetAsync(key, CancellationToken.None).GetAwaiter().GetResult();
        if (stream is null)
        {
            return null;
        }

        MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    public List<StoredObject> List(string prefix = "") => Store.ListAsync(prefix, CancellationToken.None).ToBlockingEnumerable().ToList();
}
