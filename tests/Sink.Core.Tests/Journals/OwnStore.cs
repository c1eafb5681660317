using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Sink.Core.Tests.Journals;

/// <summary>A whole store of a user's own, in memory, by the public contract alone.</summary>
internal class OwnStore : ObjectStore
{
    private readonly ConcurrentDictionary<string, (byte[] Bytes, string Metadata)> _objects = new(StringComparer.Ordinal);

    public override string Location => "memory://own";

    public ICollection<string> Keys => _objects.Keys;

    public int Disposed { get; private set; }

    public override async Task<PutResult> PutAsync(ObjectPut put, CancellationToken cancellationToken)
    {
        using Stream data = put.OpenRead();
        byte[] bytes = new byte[put.Length];
        await data.ReadExactlyAsync(bytes, cancellationToken);
        return new PutResult(_objects.TryAdd(put.Key, (bytes, put.Metadata)) ? PutOutcome.Stored : PutOutcome.AlreadyThere);
    }

    public override async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string key in _objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            yield return (await HeadAsync(key, cancellationToken))!;
        }
    }

    public override Task<StoredObject?> HeadAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(_objects.TryGetValue(key, out (byte[] Bytes, string Metadata) found) ? new StoredObject(key, found.Bytes.Length, found.Metadata) : null);

    public override Task<Stream?> GetAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(_objects.TryGetValue(key, out (byte[] Bytes, string Metadata) found) ? new MemoryStream(found.Bytes) : null);

    public override Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(_objects.TryRemove(key, out _));

    public override void Dispose() => Disposed++;
}
