using System.Security.Cryptography;
using Sink.Core.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Delivery;

/// <summary>
/// Puts sealed objects into the store and deletes the local files when the store has confirmed. Nothing it meets ends
/// it, and no failure discards anything: trouble with the store waits for all, trouble with one object parks that one.
/// </summary>
internal sealed class Uploader
{
    private readonly StorageDirectory _directory;
    private readonly ObjectStore _store;
    private readonly Backlog _backlog;
    private readonly JournalClock _clock;
    private readonly Backoff _backoff;
    private readonly Lock _lock = new();

    // Owned by _lock.
    private bool _away;
    private long _pausedAt;
    private TimeSpan _pause;
    private readonly HashSet<long> _movedAside = [];

    private long _retried;
    private int _unverified;

    public Uploader(StorageDirectory directory, ObjectStore store, Backlog backlog, JournalClock clock, Backoff backoff)
    {
        _directory = directory;
        _store = store;
        _backlog = backlog;
        _clock = clock;
        _backoff = backoff;
    }

    public required DiskBudget Budget { get; init; }

    /// <summary>For keys beside keys that are taken.</summary>
    public RandomSource Random { get; init; } = RandomSource.System;

    public Action<JournalFailure> Report { get; init; } = static _ => { };

    /// <summary>Called once for each object, after its files are deleted.</summary>
    public Action<DeliveredObject> OnDelivered { get; init; } = static _ => { };

    /// <summary>The lane's number.</summary>
    public int Lane { get; init; }

    /// <summary>Called with the time a put took.</summary>
    public Action<TimeSpan> OnPut { get; set; } = static _ => { };

    /// <summary>Puts that were not the first of their object in this run.</summary>
    public long Retried => Volatile.Read(ref _retried);

    /// <summary>The store did not answer, or refused everything, at the last try.</summary>
    public bool IsStoreAway
    {
        get
        {
            lock (_lock)
            {
                return _away;
            }
        }
    }

    /// <summary>How long to wait before the next put; zero when now is fine.</summary>
    public TimeSpan PauseLeft
    {
        get
        {
            lock (_lock)
            {
                TimeSpan left = _away ? _pause - _clock.Since(_pausedAt) : TimeSpan.Zero;
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Delivers an object that was taken from the backlog, and says there what became of it.</summary>
    public async Task DeliverAsync(SealedName name, CancellationToken cancellationToken)
    {
        try
        {
            (PutResult result, Sidecar? stored, TimeSpan putTime) = await PutAsync(name, cancellationToken).ConfigureAwait(false);
            switch (result)
            {
                case { Outcome: PutOutcome.Stored }:
                    DeleteLocal(name);
                    Tell(name, stored!, putTime);
                    _backlog.Confirm(name);
                    break;
                case { Outcome: PutOutcome.Damaged }:
                    _backlog.SetAside(name);
                    break;
                case { Outcome: PutOutcome.Rejected } refusal:
                    Park(name, refusal.Message!, refusal.Exception);
                    break;
                case var answer:
                    Interlocked.Increment(ref _retried);
                    StoreIsAway(answer.Message ?? $"{_store.Location} is away.", answer.Exception);
                    ReturnFailed(name);
                    break;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _backlog.Return(name);
        }
        catch (LocalFileException exception)
        {
            Park(name, $"The object {name} in {_directory.Path} cannot be read, or not be deleted after delivery, and is tried again slowly: {exception.Message}", exception.InnerException);
        }
        catch (Exception exception)
        {
            // A client throws what it likes, its constructor too: it is wait and report, never the end of the loop.
            StoreIsAway($"An object could not be delivered to {_store.Location}: {exception.Message}", exception);
            ReturnFailed(name);
        }
    }

    /// <summary>Before the backlog lets go of it: whoever waits for its delivery shall find the notice under way.</summary>
    private void Tell(SealedName name, Sidecar sidecar, TimeSpan putTime)
    {
        if (DeliveredObject.From(sidecar, Lane, _clock.UtcNow, putTime, out string fault) is { } delivered)
        {
            OnDelivered(delivered);
        }
        else
        {
            Report(new JournalFailure(JournalFailureKind.Temporary, $"The object {name} is delivered as {sidecar.Key}; no callback of OnObjectDelivered can be told, for its metadata {fault}.", 0));
        }
    }

    /// <summary>What cannot be deleted stays in the backlog: another run would meet it again.</summary>
    private void DeleteLocal(SealedName name)
    {
        try
        {
            long bytes = SealedFiles.BytesOf(_directory, name);
            SealedFiles.Delete(_directory, name);
            Budget.AddStaged(-DiskBudget.OfObject(bytes));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocalFileException(exception);
        }
    }

    private void Park(SealedName name, string message, Exception? exception)
    {
        if (_backlog.Park(name))
        {
            Report(new JournalFailure(JournalFailureKind.Temporary, message, name.Entries, exception));
        }
    }

    private void ReturnFailed(SealedName name)
    {
        if (_backlog.ReturnFailed(name))
        {
            Report(new JournalFailure(JournalFailureKind.Temporary, $"The object {name} fails again and again while others are stored; it is kept in {_directory.Path} and tried again slowly.", name.Entries));
        }
    }

    /// <summary>Stored, too, when the store had the object already. With what was stored, and how long the last put took.</summary>
    private async Task<(PutResult Result, Sidecar? Stored, TimeSpan PutTime)> PutAsync(SealedName name, CancellationToken cancellationToken)
    {
        if (ReadLocal(name, out StorageFile? data) is not { } sidecar)
        {
            return (new PutResult(PutOutcome.Damaged), null, default);
        }

        using StorageFile? file = data;
        if (data is null || data.Length < sidecar.Length)
        {
            return (new PutResult(await HasAsync(sidecar, cancellationToken).ConfigureAwait(false) ? PutOutcome.Stored : PutOutcome.Damaged), sidecar, default);
        }

        while (true)
        {
            long started = _clock.Timestamp;
            ObjectPut put = new(sidecar.Key, data, sidecar.Length, sidecar.ContentType, sidecar.Metadata, sidecar.Md5);
            PutResult result = await _store.PutAsync(put, cancellationToken).ConfigureAwait(false);
            TimeSpan took = _clock.Since(started);
            OnPut(took);
            if (result.Outcome == PutOutcome.Unavailable)
            {
                return (result, null, took);
            }

            if (result.Outcome != PutOutcome.AlreadyThere)
            {
                StoreIsThere();
            }

            if (result.Outcome == PutOutcome.Rejected)
            {
                return (result with { Message = $"{_store.Location} refuses the object {sidecar.Key}; it is kept in {_directory.Path} and tried again slowly. {result.Message}" }, null, took);
            }

            if (result.Outcome != PutOutcome.AlreadyThere)
            {
                return (result, sidecar, took);
            }

            // A store that says so and does not have it, or does not answer when asked, is away as before: taken for there and away at
            // each try, it would be reported at each, and its pause would never grow.
            switch (await IsOursAsync(sidecar, cancellationToken).ConfigureAwait(false))
            {
                case true:
                    StoreIsThere();
                    return (new PutResult(PutOutcome.Stored), sidecar, took);
                case null:
                    return (new PutResult(PutOutcome.Unavailable, $"{_store.Location} took {sidecar.Key} for present, and does not have it; it is put again."), null, took);
                default:
                    StoreIsThere();
                    if (!IsFirstMove(name))
                    {
                        // Nobody can have drawn that name too: a store that says so of every key would be put to for ever.
                        return (new PutResult(PutOutcome.Rejected, $"{_store.Location} says of {sidecar.Key}, a name drawn at random for this object, too that it holds other bytes. The object is kept in {_directory.Path} and tried again slowly: what the store answers cannot be."), null, took);
                    }

                    sidecar = MoveAside(name, sidecar);
                    break;
            }
        }
    }

    /// <summary>Null when the sidecar is gone, altered, or cannot be read: nobody knows any more how the object is called.</summary>
    private Sidecar? ReadLocal(SealedName name, out StorageFile? data)
    {
        data = null;
        try
        {
            byte[]? bytes = _directory.ReadAll(name.ToString(), out IOException? failure);
            if (failure is not null)
            {
                throw failure;
            }

            Sidecar? sidecar = bytes is null ? null : Sidecar.Decode(bytes);
            data = sidecar is null ? null : _directory.Open(name.DataName);
            return sidecar;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Our own disk's fault, and not the store's: it must not look as if all had to wait.
            throw new LocalFileException(exception);
        }
    }

    /// <summary>A sidecar whose data is gone: the store has it when the process died between the two deletes; else a user's <c>rm</c> lost it.</summary>
    private async Task<bool> HasAsync(Sidecar sidecar, CancellationToken cancellationToken)
    {
        try
        {
            StoredObject? found = await _store.HeadAsync(sidecar.Key, cancellationToken).ConfigureAwait(false);
            StoreIsThere();
            return found is not null && found.Length == sidecar.Length;
        }
        catch (StoreAccessException exception)
        {
            IsUnverified(sidecar.Key, exception);
            return true;
        }
    }

    /// <summary>
    /// A put that timed out may have landed: an object under our key is ours when length and metadata are, or, where the
    /// store keeps no metadata or alters it, its bytes. Null when there is none after all.
    /// </summary>
    private async Task<bool?> IsOursAsync(Sidecar sidecar, CancellationToken cancellationToken)
    {
        try
        {
            StoredObject? found = await _store.HeadAsync(sidecar.Key, cancellationToken).ConfigureAwait(false);
            if (found is null)
            {
                return null;
            }

            if (found.Length != sidecar.Length || found.Metadata == sidecar.Metadata)
            {
                return found.Length == sidecar.Length;
            }

            using Stream? stream = await _store.GetAsync(sidecar.Key, cancellationToken).ConfigureAwait(false);
            return stream is null ? null : (await MD5.HashDataAsync(stream, cancellationToken).ConfigureAwait(false)).AsSpan().SequenceEqual(sidecar.Md5);
        }
        catch (StoreAccessException exception)
        {
            IsUnverified(sidecar.Key, exception);
            return true;
        }
    }

    /// <summary>May we put and not look, the key itself must do: its epoch was drawn at random by this lane.</summary>
    private void IsUnverified(string key, StoreAccessException exception)
    {
        if (Interlocked.Exchange(ref _unverified, 1) == 0)
        {
            Report(new JournalFailure(JournalFailureKind.Temporary, $"{_store.Location} has {key} already, and does not let us see whether it is this one; by its name it is. Further ones are not reported. {exception.Message}", 0, exception));
        }
    }

    /// <summary>Other bytes under our key: two writers share an identity. Ours goes beside, under a key that is durable before it is used; nothing is overwritten.</summary>
    private Sidecar MoveAside(SealedName name, Sidecar sidecar)
    {
        int slash = sidecar.Key.LastIndexOf('/');
        int dot = slash + 1 + BeforeSuffix(sidecar.Key[(slash + 1)..]);
        string beside = EpochText.Format(Random.Next());
        Sidecar moved = sidecar with { Key = $"{sidecar.Key[..dot]}-{beside}{sidecar.Key[dot..]}" };
        _directory.Replace(name.ToString(), moved.Encode(), SyncSite.Sidecar);
        _directory.SyncNames(SyncSite.StagedNames);
        Report(new JournalFailure(JournalFailureKind.Permanent, $"{_store.Location} holds other bytes under {sidecar.Key}: two writers share an identity (a directory was copied, or two journals have one Id). This object is stored beside, as {moved.Key}.", 0));
        return moved;
    }

    private bool IsFirstMove(SealedName name)
    {
        lock (_lock)
        {
            return _movedAside.Add(name.Ordinal);
        }
    }

    /// <summary>Where the suffixes of a file name begin: behind the ordinal, for an id may hold dots too.</summary>
    private static int BeforeSuffix(string name) => name.IndexOf('.', name.LastIndexOf('-') + 1);

    private void StoreIsAway(string message, Exception? exception)
    {
        bool news;
        lock (_lock)
        {
            news = !_away;
            if (news || _clock.Since(_pausedAt) >= _pause)
            {
                // Uploads that fail side by side are one failure: together they must not lengthen the pause by as many steps.
                _pause = _backoff.Next();
                _pausedAt = _clock.Timestamp;
            }

            _away = true;
        }

        if (news)
        {
            Report(new JournalFailure(JournalFailureKind.Temporary, message, 0, exception));
        }
    }

    private void StoreIsThere()
    {
        lock (_lock)
        {
            _away = false;
            _backoff.Reset();
        }
    }
}
