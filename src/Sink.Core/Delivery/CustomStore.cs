using System.Runtime.CompilerServices;

namespace Sink.Core.Delivery;

/// <summary>
/// A store of the user's own, kept from doing harm: bytes are checked before they are handed to it, and what it throws or answers against
/// the contract becomes something that the uploader and readers understand.
/// </summary>
internal sealed class CustomStore : ObjectStore
{
    private readonly ObjectStore _store;

    private CustomStore(ObjectStore store, string location)
    {
        _store = store;
        Location = location;
    }

    public override string Location { get; }

    /// <exception cref="JournalException">The user's code made none.</exception>
    public static CustomStore Create(Func<ObjectStore> create)
    {
        ObjectStore? store;
        try
        {
            store = create();
        }
        catch (Exception exception)
        {
            // Not a mistake of the configuration: what it asks may be away, and front ends try to open again.
            throw new JournalException($"The object store cannot be made: UseObjectStore threw {exception.GetType().Name}: {exception.Message}", exception);
        }

        if (store is null)
        {
            throw new JournalException("The object store cannot be used: UseObjectStore returned null; return a new store.") { IsConfiguration = true };
        }

        try
        {
            // Once: messages that name it are made where nothing may throw.
            return new CustomStore(store, store.Location ?? store.GetType().Name);
        }
        catch (Exception exception)
        {
            store.Dispose();
            throw new JournalException($"The object store cannot be used: its Location threw {exception.GetType().Name}: {exception.Message}", exception) { IsConfiguration = true };
        }
    }

    public override async Task<PutResult> PutAsync(ObjectPut put, CancellationToken cancellationToken)
    {
        if (!IsIntact(put, cancellationToken))
        {
            // Here, for hardly any store would notice: rot must not become an object that is confirmed.
            return new PutResult(PutOutcome.Damaged);
        }

        PutResult result;
        try
        {
            result = await NotNull(_store.PutAsync(put, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception) when (put.LocalFailure is { } cause)
        {
            throw new LocalFileException(cause);
        }

        if (put.LocalFailure is { } failure)
        {
            // Whatever it answered, it has not read all bytes; asked again it says that the object is there, and then it is compared.
            throw new LocalFileException(failure);
        }

        return result.Outcome switch
        {
            PutOutcome.Damaged when IsIntact(put, cancellationToken) => result with { Outcome = PutOutcome.Unavailable, Message = $"{Location} got other bytes of {put.Key} than the journal has; it is put again. {result.Message}" },
            PutOutcome.Stored or PutOutcome.AlreadyThere or PutOutcome.Rejected or PutOutcome.Unavailable or PutOutcome.Damaged => result,
            _ => result with { Outcome = PutOutcome.Unavailable, Message = $"{Location} answered a put by {(int)result.Outcome}, which is no outcome; it is put again. {result.Message}" },
        };
    }

    public override async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<StoredObject> found = await AskAsync(() => Task.FromResult(NotNull(_store.ListAsync(prefix, cancellationToken)).GetAsyncEnumerator(cancellationToken)), cancellationToken).ConfigureAwait(false);
        try
        {
            while (await AskAsync(() => found.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false))
            {
                yield return await AskAsync(() => Task.FromResult(NotNull(found.Current)), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await AskAsync(() => EndAsync(found), cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<StoredObject?> HeadAsync(string key, CancellationToken cancellationToken) =>
        AskAsync(() => _store.HeadAsync(key, cancellationToken), cancellationToken);

    public override Task<Stream?> GetAsync(string key, CancellationToken cancellationToken) =>
        AskAsync(() => _store.GetAsync(key, cancellationToken), cancellationToken);

    public override Task DeleteAsync(string key, CancellationToken cancellationToken) => _store.DeleteAsync(key, cancellationToken);

    public override void Dispose() => _store.Dispose();

    private static bool IsIntact(ObjectPut put, CancellationToken cancellationToken)
    {
        try
        {
            return StoreCopy.HasDigest(put.Data, put.Length, put.Md5, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocalFileException(exception);
        }
    }

    private static async Task<bool> EndAsync(IAsyncEnumerator<StoredObject> found)
    {
        await found.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    private static T NotNull<T>(T? answer)
        where T : class => answer ?? throw new InvalidOperationException("the store's method returned null, which its contract rules out");

    /// <summary>As the built-in stores fail: readers know what these mean.</summary>
    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await NotNull(ask()).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (IOException or UnauthorizedAccessException) && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new IOException($"{Location} failed: {exception.Message}", exception);
        }
    }
}
