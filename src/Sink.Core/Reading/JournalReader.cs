using System.Runtime.CompilerServices;
using Sink.Core.Delivery;
using Sink.Core.Options;
using Sink.Core.Payloads;
using Sink.Core.Reading;
using Sink.Core.Storage;

namespace Sink.Core;

/// <summary>Reads what journals delivered to a destination. One listing at a time; objects may be read beside it.</summary>
public sealed class JournalReader : IDisposable
{
    private const int MaxWarnings = 1000;

    private readonly ObjectStore _store;
    private readonly ReaderCompressors _compressors = new();
    private List<string> _warnings = [];

    internal JournalReader(ObjectStore store)
    {
        _store = store;
    }

    /// <summary>What the last listing left out, and why; at most 1,000 lines, the last of which says how many more there were.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>A reader of that destination; nothing is made there.</summary>
    /// <param name="destination">As in <see cref="JournalOptions.Destination"/>: <c>file:///dir</c>.</param>
    /// <exception cref="JournalException">The destination cannot be read by this version, or does not exist.</exception>
    public static JournalReader Open(string destination)
    {
        Destination place = Destination.Parse(destination, out string error) ?? throw new JournalException($"The destination {error}.");
        return new JournalReader(new DirectoryStore(OpenExisting(place), place.Location));
    }

    /// <summary>
    /// Reads also what was compressed by a compressor of your own: see <see cref="JournalOptions.UseCompressor"/>. Several may be
    /// given; of two with one name the later counts.
    /// </summary>
    /// <param name="create">Makes a new one at each call, on any thread.</param>
    /// <exception cref="JournalException">It makes none, or one whose names cannot be used.</exception>
    public void UseCompressor(Func<Compressor> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        _compressors.Add(create);
    }

    /// <summary>
    /// The objects by stream, then by writer (journal, lane and epoch), then by ordinal. All metadata is read, and held,
    /// before the first comes out. Objects without readable metadata are left out and named in <see cref="Warnings"/>.
    /// </summary>
    /// <param name="stream">Only objects of this stream; null is all.</param>
    /// <param name="from">Only objects with entries at or after this; null is no limit. Chosen by the first and last timestamp of an object: single entries may still lie outside.</param>
    /// <param name="to">Only objects with entries at or before this; null is no limit.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="JournalException">The destination cannot be listed.</exception>
    public async IAsyncEnumerable<JournalObject> ListAsync(
        string? stream = null,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<JournalObject> objects = [];
        List<string> warnings = [];
        long left = 0;
        try
        {
            await foreach (StoredObject stored in _store.ListAsync("", cancellationToken).ConfigureAwait(false))
            {
                // Not every store gives metadata in its listing.
                StoredObject? whole = stored.Metadata is null ? await _store.HeadAsync(stored.Key, cancellationToken).ConfigureAwait(false) : stored;
                if (whole is null)
                {
                    continue;
                }

                if (JournalObjects.Read(whole, _compressors, out string fault) is not { } found)
                {
                    left++;
                    if (left < MaxWarnings)
                    {
                        warnings.Add($"'{stored.Key}' is left out: {fault}.");
                    }
                }
                else if (stream is null || found.Stream == stream)
                {
                    objects.Add(found);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"Cannot list {_store.Location}: {e.Message}", e);
        }

        if (left >= MaxWarnings)
        {
            warnings.Add($"{left - MaxWarnings + 1} more are left out.");
        }

        _warnings = warnings;
        foreach (JournalObject found in JournalObjects.Order(objects))
        {
            if ((from is null || found.End >= from) && (to is null || found.Start <= to))
            {
                yield return found;
            }
        }
    }

    /// <summary>The object's bytes, decompressed. Damage and a truncated tail throw <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/> when reading comes to them.</summary>
    /// <exception cref="JournalException">The object is gone, cannot be read, or its compression is unknown to this version.</exception>
    public async Task<Stream> OpenAsync(JournalObject journalObject, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journalObject);
        try
        {
            using Compressor compressor = _compressors.TryCreate(journalObject.Compression)
                ?? throw new JournalException($"Object '{journalObject.Key}' is compressed as '{journalObject.Compression}', which this version cannot read. A program's own compressor is given to the reader by UseCompressor.");
            Stream? stored = await _store.GetAsync(journalObject.Key, cancellationToken).ConfigureAwait(false);
            return compressor.Decompress(stored ?? throw new JournalException($"Object '{journalObject.Key}' is no longer in {_store.Location}."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"Cannot read object '{journalObject.Key}' in {_store.Location}: {e.Message}", e);
        }
    }

    /// <summary>
    /// The entries of the object in order, each as it was appended. What was read before damage comes out first; in the
    /// compressed frame in which the damage stands, the last entries before it may already be wrong.
    /// </summary>
    /// <exception cref="JournalException">The object is damaged, ends in the middle of an entry, or holds another number of entries than its metadata says.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadEntriesAsync(
        JournalObject journalObject,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journalObject);
        Framing framing = Framing.FromName(journalObject.Framing)
            ?? throw new JournalException($"Object '{journalObject.Key}' is framed as '{journalObject.Framing}', which this version cannot read.");
        Stream content = await OpenAsync(journalObject, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            EntryReader entries = new(content, framing, journalObject);
            while (await entries.ReadAsync(cancellationToken).ConfigureAwait(false) is { } entry)
            {
                yield return entry;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _store.Dispose();

    // Step by step from the top: a reader must not make the directory that a slip of the pen names.
    private static StorageDirectory OpenExisting(Destination place)
    {
        string top = Path.GetPathRoot(place.DirectoryPath)!;
        StorageDirectory? directory = DiskDirectory.OpenPath(top);
        foreach (string name in place.DirectoryPath[top.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            directory = directory?.OpenDirectory(name);
        }

        return directory ?? throw new JournalException($"There is no directory '{place.DirectoryPath}', or it may not be read.");
    }
}
