using System.Text;
using Sink.Core.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Delivery;

/// <summary>Objects as files below a directory: the <c>file://</c> destination. Safe for concurrent use.</summary>
internal sealed class DirectoryStore : ObjectStore
{
    // Every date of every stream is a directory; beyond this many the oldest are hardly used again.
    private const int MaxKnownDirectories = 4096;

    private readonly Func<StorageDirectory> _open;

    // Under _lock: directories whose names are known to be synced, and those of them that objects were put into.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StorageDirectory> _directories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoreFolder> _folders = new(StringComparer.Ordinal);
    private StorageDirectory? _root;

    public DirectoryStore(StorageDirectory root, string location)
        : this(() => root, location)
    {
    }

    /// <param name="open">Opens the root. A volume that is not there yet is a store that is away, not an error at start.</param>
    /// <param name="location">For messages.</param>
    public DirectoryStore(Func<StorageDirectory> open, string location)
    {
        _open = open;
        Location = location;
    }

    public override string Location { get; }

    /// <summary>For the names of unfinished objects.</summary>
    public RandomSource Random { get; init; } = RandomSource.System;

    public override Task<PutResult> PutAsync(ObjectPut put, CancellationToken cancellationToken) =>
        Run(() => Put(put, cancellationToken), cancellationToken);

    public override IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        Walk(Root, "", prefix, cancellationToken).ToAsyncEnumerable();

    public override Task<StoredObject?> HeadAsync(string key, CancellationToken cancellationToken) =>
        Run(
            () =>
            {
                using StorageFile? file = Find(key, out StorageDirectory? directory, out string name);
                return file is null ? null : new StoredObject(key, file.Length, StoreFolder.ReadMetadata(directory!, name));
            },
            cancellationToken);

    public override Task<Stream?> GetAsync(string key, CancellationToken cancellationToken) =>
        Run<Stream?>(() => Find(key, out _, out _) is { } file ? new StorageFileStream(file) : null, cancellationToken);

    public override Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        Run(
            () =>
            {
                if (FindDirectory(key, out string name) is { } directory)
                {
                    // Data first: metadata alone is no object, and the next put may take its place.
                    directory.Delete(name);
                    directory.Delete(StoreKey.MetadataOf(name));
                    directory.SyncNames(SyncSite.StoredNames);
                }

                return true;
            },
            cancellationToken);

    private StorageDirectory Root => _root ??= _open();

    private PutResult Put(ObjectPut put, CancellationToken cancellationToken)
    {
        if (StoreKey.Check(put.Key) is { } fault)
        {
            return new PutResult(PutOutcome.Rejected, $"The key '{put.Key}' cannot be a path below '{Location}': {fault}.");
        }

        int split = put.Key.LastIndexOf('/');
        string path = split < 0 ? "" : put.Key[..split];
        string name = put.Key[(split + 1)..];
        for (bool again = false; ; again = true)
        {
            try
            {
                return OpenFolder(path, again).Put(name, put, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Once more with nothing remembered: someone may have removed the directory, or another store that
                // opened just now may have taken this put's temporary for a crash's.
                Forget();
                if (again)
                {
                    return Failed(put.Key, e);
                }
            }
        }
    }

    private PutResult Failed(string key, Exception cause)
    {
        string place = System.IO.Path.Join(Location, key[..Math.Max(0, key.LastIndexOf('/'))]);
        return IsBlocked(key)
            ? new PutResult(PutOutcome.Rejected, $"'{key}' cannot be stored below '{Location}': a file stands where it needs a directory, or a directory where it needs a file.", cause)
            : new PutResult(PutOutcome.Unavailable, $"Cannot write to '{place}': {cause.Message} Check that the volume is mounted, has free space, and may be written; delivery then goes on by itself.", cause);
    }

    // Such an object can never be stored while all others can: it must not look like a store that is away.
    private bool IsBlocked(string key)
    {
        try
        {
            string[] segments = key.Split('/');
            StorageDirectory directory = Root;
            foreach (string segment in segments.AsSpan(0, segments.Length - 1))
            {
                if (directory.OpenDirectory(segment) is not { } child)
                {
                    return directory.List().Any(e => e.Name == segment && !e.IsDirectory);
                }

                directory = child;
            }

            return directory.OpenDirectory(segments[^1]) is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private StoreFolder OpenFolder(string path, bool again)
    {
        lock (_lock)
        {
            if (!_folders.TryGetValue(path, out StoreFolder? folder))
            {
                if (_directories.Count >= MaxKnownDirectories)
                {
                    Forget();
                }

                folder = StoreFolder.Open(MakeDirectoryNeedsLock(path), again, Random);
                _folders.Add(path, folder);
            }

            return folder;
        }
    }

    private StorageDirectory MakeDirectoryNeedsLock(string path)
    {
        if (path.Length == 0)
        {
            return Root;
        }

        if (!_directories.TryGetValue(path, out StorageDirectory? directory))
        {
            int split = path.LastIndexOf('/');
            StorageDirectory parent = MakeDirectoryNeedsLock(split < 0 ? "" : path[..split]);
            directory = parent.CreateDirectory(path[(split + 1)..], SyncSite.StoreDirectory);
            _directories.Add(path, directory);
        }

        return directory;
    }

    private void Forget()
    {
        lock (_lock)
        {
            _root = null;
            _directories.Clear();
            _folders.Clear();
        }
    }

    private StorageFile? Find(string key, out StorageDirectory? directory, out string name)
    {
        directory = FindDirectory(key, out name);
        return directory?.Open(name);
    }

    private StorageDirectory? FindDirectory(string key, out string name)
    {
        string[] segments = key.Split('/');
        name = segments[^1];
        if (StoreKey.Check(key) is not null)
        {
            return null;
        }

        StorageDirectory? directory = Root;
        for (int i = 0; i < segments.Length - 1 && directory is not null; i++)
        {
            directory = directory.OpenDirectory(segments[i]);
        }

        return directory;
    }

    // A directory sorts with its slash, so that the walk gives whole keys in the order of their bytes: "a.b" is before "a/b".
    private static IEnumerable<StoredObject> Walk(StorageDirectory directory, string path, string prefix, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IEnumerable<(StorageEntry Entry, string Key)> entries = directory.List()
            .Where(e => e.Name[0] != '.')
            .Select(e => (e, path + e.Name + (e.IsDirectory ? "/" : "")))
            .OrderBy(e => Encoding.UTF8.GetBytes(e.Item2), Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)));

        foreach ((StorageEntry entry, string key) in entries)
        {
            if (!entry.IsDirectory && key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new StoredObject(key, entry.Length, StoreFolder.ReadMetadata(directory, entry.Name));
            }
            else if (entry.IsDirectory
                && (key.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(key, StringComparison.Ordinal))
                && directory.OpenDirectory(entry.Name) is { } child)
            {
                foreach (StoredObject found in Walk(child, key, prefix, cancellationToken))
                {
                    yield return found;
                }
            }
        }
    }

    private static Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return Task.FromResult(work());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }
}
