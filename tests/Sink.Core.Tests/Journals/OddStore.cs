namespace Sink.Core.Tests.Journals;

/// <summary>A store of a user's own that breaks its contract as a test says.</summary>
internal sealed class OddStore : OwnStore
{
    /// <summary>Answers a put; null does what a store should.</summary>
    public Func<ObjectPut, CancellationToken, Task<PutResult>?>? OnPut { get; set; }

    public Func<string, Task<StoredObject?>?>? OnHead { get; set; }

    public Action OnDispose { get; set; } = static () => { };

    public int Puts => Volatile.Read(ref _puts);

    private int _puts;

    public override Task<PutResult> PutAsync(ObjectPut put, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _puts);
        return OnPut is { } onPut ? onPut(put, cancellationToken)! : base.PutAsync(put, cancellationToken);
    }

    public override Task<StoredObject?> HeadAsync(string key, CancellationToken cancellationToken) =>
        OnHead is { } onHead ? onHead(key)! : base.HeadAsync(key, cancellationToken);

    public override void Dispose()
    {
        base.Dispose();
        OnDispose();
    }
}
