namespace Sink.Core.Tests.Fakes;

/// <summary>A store in memory that answers as a test says.</summary>
internal sealed class ScriptedStore : ObjectStore
{
    private readonly Lock _lock = new();
    private readonly List<StoredBytes> _objects = [];
    private int _inFlight;

    /// <summary>Asked before each put; null stores the object.</summary>
    public Func<ObjectPut, CancellationToken, Task<PutResult?>>? OnPut { get; set; }

    /// <summary>Called before each look at an object; may throw.</summary>
    public Action<string>? OnHead { get; set; }

    /// <summary>Called after an object was stored.</summary>
    public Action<StoredBytes>? Stored { get; set; }

    public int Puts => Volatile.Read(ref _puts);

    private int _puts;

    public int MostInFlight { get; private set; }

    public bool IsDisposed { get; private set; }

    public override string Location => "memory://store";

    public IReadOnlyList<StoredBytes> Objects
    {
        get
        {
            lock (_lock)
            {
                return [.. _objects];
            }
        }
    }

    /// <summary>Every entry, in the order of ordinals.</summary>
    public IReadOnlyList<string> Entries => [.. Objects.OrderBy(o => (o.Document.Lane, o.Document.Ordinal)).SelectMany(o => o.Lines)];

    /// <summary>A store that is away for every put from now on.</summary>
    public void GoAway() => OnPut = static (_, _) => Task.FromResult<PutResult?>(new PutResult(PutOutcome.Unavailable, "the store is away"));

    public void ComeBack() => OnPut = null;

    /// <summary>What a put of these bytes leaves behind, its answer lost.</summary>
    public static StoredBytes Landed(ObjectPut put)
    {
        byte[] bytes = new byte[put.Length];
        put.Data.Read(0, bytes);
        return new StoredBytes(put.Key, bytes, put.Metadata);
    }

    /// <summary>Puts an object there that somebody else made.</summary>
    public void Plant(StoredBytes planted)
    {
        lock (_lock)
        {
            _objects.Add(planted);
        }
    }

    public override async Task<PutResult> PutAsync(ObjectPut put, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _puts);
        lock (_lock)
        {
            _inFlight++;
            MostInFlight = Math.Max(MostInFlight, _inFlight);
        }

        try
        {
            if (OnPut is { } onPut && await onPut(put, cancellationToken).ConfigureAwait(false) is { } answer)
            {
                return answer;
            }

            StoredBytes stored = Landed(put);
            lock (_lock)
            {
                if (_objects.Any(o => o.Key == put.Key))
                {
                    return new PutResult(PutOutcome.AlreadyThere);
                }

                _objects.Add(stored);
            }

            Stored?.Invoke(stored);
            return new PutResult(PutOutcome.Stored);
        }
        finally
        {
            lock (_lock)
            {
                _inFlight--;
            }
        }
    }

    public override IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task<StoredObject?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        OnHead?.Invoke(key);
        return Task.FromResult(Objects.FirstOrDefault(o => o.Key == key) is { } found ? new StoredObject(key, found.Bytes.Length, found.Metadata) : null);
    }

    public override Task<Stream?> GetAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(Objects.FirstOrDefault(o => o.Key == key) is { } found ? new MemoryStream(found.Bytes) : null);

    public override Task DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override void Dispose() => IsDisposed = true;
}
