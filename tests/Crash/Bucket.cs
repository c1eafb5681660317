using Sink.Core;
using Sink.Core.Delivery;
using Sink.Core.Reading;
using Sink.Core.Storage;

namespace Crash;

/// <summary>Reads what has come into a bucket since the last look; an object, once seen, is never read again.</summary>
internal sealed class Bucket(RunPlace place)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <exception cref="JournalException">An object cannot be read, or does not hold what its metadata says.</exception>
    public async Task<IReadOnlyList<DeliveredObject>> ReadNewAsync()
    {
        string[] keys = Directory.Exists(place.Bucket) ? [.. Keys().Where(_seen.Add)] : [];
        List<DeliveredObject> objects = new(keys.Length);
        if (keys.Length > 0)
        {
            using DirectoryStore store = new(DiskDirectory.OpenPath(place.Bucket), place.Bucket);
            using JournalReader reader = new(store);
            foreach (string key in keys)
            {
                objects.Add(await ReadAsync(store, reader, key));
            }
        }

        // In a partition, order is that of the ordinals; of different lanes there is none.
        return [.. objects.OrderBy(static read => read.Metadata.Lane).ThenBy(static read => read.Metadata.Ordinal)];
    }

    /// <summary>Empties the bucket. Only when no process holds an object that it may put again.</summary>
    public void Empty()
    {
        if (Directory.Exists(place.Bucket))
        {
            Directory.Delete(place.Bucket, recursive: true);
        }

        _seen.Clear();
    }

    /// <summary>Names with a leading dot are metadata and unfinished files.</summary>
    private IEnumerable<string> Keys() => Directory.EnumerateFiles(place.Bucket, "*", SearchOption.AllDirectories)
        .Where(static path => !Path.GetFileName(path.AsSpan()).StartsWith('.'))
        .Select(path => Path.GetRelativePath(place.Bucket, path).Replace('\\', '/'));

    private static async Task<DeliveredObject> ReadAsync(DirectoryStore store, JournalReader reader, string key)
    {
        StoredObject? stored = await store.HeadAsync(key, CancellationToken.None);
        if (stored?.Metadata is not { } document || !ObjectMetadata.TryParse(document, out ObjectMetadata? metadata, out string error))
        {
            throw new JournalException($"The object '{key}' has no metadata that can be read.");
        }

        JournalObject found = JournalObjects.Read(stored, new ReaderCompressors(), out error) ?? throw new JournalException($"The object '{key}' cannot be read: {error}");
        List<Entry?> entries = [];
        await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
        {
            entries.Add(Entry.Parse(entry));
        }

        return new DeliveredObject(key, document, metadata, entries);
    }
}
