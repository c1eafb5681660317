using System.Text;
using Sink.Core.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Delivery;

/// <summary>
/// One directory of a directory store: objects, and beside each its metadata. The data's name is what makes an object;
/// metadata without it is what a crash or another writer left behind on the way.
/// </summary>
internal sealed class StoreFolder
{
    private readonly StorageDirectory _directory;
    private readonly RandomSource _random;

    // Under its own lock: several uploads may put into one folder.
    private readonly List<string> _leftovers;

    private StoreFolder(StorageDirectory directory, List<string> leftovers, RandomSource random)
    {
        _directory = directory;
        _random = random;
        _leftovers = leftovers;
    }

    /// <summary>
    /// Before this store has put anything there, all temporaries are another's or a crash's: those are noted. A folder
    /// opened again takes none for left over, or two stores could take each other's away for ever.
    /// </summary>
    public static StoreFolder Open(StorageDirectory directory, bool again, RandomSource random)
    {
        List<string> leftovers = [];
        foreach (StorageEntry entry in again ? [] : directory.List())
        {
            if (!entry.IsDirectory && StoreKey.OwnerOfTemporary(entry.Name) is not null)
            {
                leftovers.Add(entry.Name);
            }
        }

        return new StoreFolder(directory, leftovers, random);
    }

    public static string? ReadMetadata(StorageDirectory directory, string name) =>
        directory.ReadAll(StoreKey.MetadataOf(name)) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public PutResult Put(string name, ObjectPut put, CancellationToken cancellationToken)
    {
        DeleteLeftovers(name);
        if (AnswerIfThere(name, put, cancellationToken) is { } answer)
        {
            return answer;
        }

        string temporary = StoreKey.TemporaryOf(name, _random);
        try
        {
            if (StoreCopy.Write(_directory, temporary, put, cancellationToken) is { } failure)
            {
                return failure;
            }

            string? replaced = PlaceMetadata(name, put.Metadata);

            // Before the object takes its name, or a power cut could leave the object alone, or with older metadata; and
            // nobody might come to mend it, for its own copy may be given up by then.
            _directory.SyncNames(SyncSite.StoredNames);
            if (!_directory.TryRename(temporary, name))
            {
                // Another writer's object came first. Metadata of a different put that ours took the place of is its.
                if (replaced is not null)
                {
                    TryWriteMetadata(name, replaced, replace: true);
                }

                return AnswerIfThere(name, put, cancellationToken) ?? new PutResult(PutOutcome.Unavailable, $"'{put.Key}' appeared and vanished in '{_directory.Path}'; it is put again.");
            }

            _directory.SyncNames(SyncSite.StoredNames);
            return new PutResult(PutOutcome.Stored);
        }
        finally
        {
            DeleteQuietly(temporary);
        }
    }

    // Only temporaries of the object at hand: those of others may belong to a process that is writing them now, and
    // whoever crashed puts the same object again.
    private void DeleteLeftovers(string name)
    {
        lock (_leftovers)
        {
            for (int i = _leftovers.Count - 1; i >= 0; i--)
            {
                string owner = StoreKey.OwnerOfTemporary(_leftovers[i])!;
                if (owner == name || owner == StoreKey.MetadataOf(name)[1..])
                {
                    _directory.Delete(_leftovers[i]);
                    _leftovers.RemoveAt(i);
                }
            }
        }
    }

    // An earlier put may have died between its rename and its sync, or lost the metadata's name alone to a power cut.
    // So "it is there" is only said of names that are synced, and metadata is added to bytes that are provably these.
    private PutResult? AnswerIfThere(string name, ObjectPut put, CancellationToken cancellationToken)
    {
        using StorageFile? existing = _directory.Open(name);
        if (existing is null)
        {
            return null;
        }

        if (ReadMetadata(_directory, name) is null && existing.Length == put.Length && StoreCopy.HasDigest(existing, put.Length, put.Md5, cancellationToken))
        {
            TryWriteMetadata(name, put.Metadata, replace: false);
        }

        _directory.SyncNames(SyncSite.StoredNames);
        return new PutResult(PutOutcome.AlreadyThere);
    }

    // Answers the different metadata that was replaced because its object has not come. Never replacing at the first try
    // is what makes the loser of a race know what to put back.
    private string? PlaceMetadata(string name, string metadata)
    {
        if (TryWriteMetadata(name, metadata, replace: false))
        {
            return null;
        }

        string? found = ReadMetadata(_directory, name);
        using StorageFile? cameFirst = _directory.Open(name);
        if (found == metadata || cameFirst is not null)
        {
            return null;
        }

        TryWriteMetadata(name, metadata, replace: true);
        return found;
    }

    private bool TryWriteMetadata(string name, string metadata, bool replace)
    {
        string target = StoreKey.MetadataOf(name);
        string temporary = StoreKey.TemporaryOf(target[1..], _random);
        try
        {
            using (StorageFile file = _directory.Create(temporary))
            {
                file.Write(0, Encoding.UTF8.GetBytes(metadata));
                file.Sync(SyncSite.StoredMetadata);
            }

            if (!replace)
            {
                return _directory.TryRename(temporary, target);
            }

            _directory.Rename(temporary, target);
            return true;
        }
        finally
        {
            DeleteQuietly(temporary);
        }
    }

    // A temporary that stays is taken away by a later store; the put's own outcome is what matters.
    private void DeleteQuietly(string name)
    {
        try
        {
            _directory.Delete(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
