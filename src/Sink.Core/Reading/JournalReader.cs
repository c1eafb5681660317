using System.Runtime.CompilerServices;
using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Delivery.S3;
using Sink.Core.Options;
using Sink.Core.Payloads;
using Sink.Core.Reading;
using Sink.Core.Storage;

namespace Sink.Core;

/// <summary>Reads what journals delivered to a destination. One listing at a time; objects may be read beside it.</summary>
public sealed class JournalReader : IDisposable
{
    /// <summary>A busy server shall not end a listing of ten thousand objects.</summary>
    private const int ClientRetries = 3;

    /// <summary>Where a listing does not give metadata, so many objects are asked for theirs at once.</summary>
    private const int MetadataAtOnce = 32;

    /// <summary>An entry may be dated so far ahead of its arrival; and a store's clock may differ.</summary>
    private static readonly TimeSpan _mostAhead = TimeSpan.FromHours(25);

    private readonly ObjectStore _store;
    private readonly ReaderCompressors _compressors = new();
    private Listing? _listed;

    internal JournalReader(ObjectStore store)
    {
        _store = store;
    }

    /// <summary>What the last listing left out, and why; at most 1,000 lines, the last of which says how many more there were.</summary>
    public IReadOnlyList<string> Warnings => _listed?.Warnings ?? [];

    /// <summary>
    /// Objects that the last listing found and another system wrote, by key: their metadata is a data lake's record without a journal's fields.
    /// Those that its times touch; none where it asked for one stream.
    /// </summary>
    public IReadOnlyList<ForeignObject> Foreign => _listed?.Foreign ?? [];

    /// <summary>A reader of that destination; nothing is made there.</summary>
    /// <param name="destination">As in <see cref="JournalOptions.Destination"/>: <c>s3://bucket/prefix</c> or <c>file:///dir</c>.</param>
    /// <exception cref="JournalException">The destination cannot be read by this version, or does not exist.</exception>
    public static JournalReader Open(string destination) => Open(new JournalOptions { Destination = destination });

    /// <summary>A reader of the destination that a journal with these options delivers to; nothing is made there.</summary>
    /// <param name="options">Only <see cref="JournalOptions.Destination"/> or a store of your own (<see cref="JournalOptions.UseObjectStore"/>), how it is reached, and a compressor of your own are looked at. A store is made anew, and disposed with the reader.</param>
    /// <exception cref="JournalException">The options are wrong (every mistake in a line of the message), or the directory does not exist. A bucket is only asked when it is read.</exception>
    public static JournalReader Open(JournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Destination place, S3Settings? s3) = new SettingsReader(options, ProcessEnvironment.Instance).ReadDestination();
        CustomCompressor? own = options.CreateCompressor is null ? null : ReaderCompressors.Check(options.CreateCompressor);
        ObjectStore store = options.CreateStore is { } create
            ? CustomStore.Create(create)
            : s3 is null ? new DirectoryStore(OpenExisting(place.DirectoryPath!), place.Location) : new S3Store(s3, ClientRetries);
        JournalReader reader = new(store);
        reader._compressors.Add(own);
        return reader;
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
        _compressors.Add(ReaderCompressors.Check(create));
    }

    /// <summary>
    /// The objects by stream, then by writer (journal, lane and epoch), then by ordinal. All metadata is read, and held,
    /// before the first comes out. Objects without readable metadata are left out and named in <see cref="Warnings"/>, those of
    /// other systems in <see cref="Foreign"/>. In a
    /// bucket each object costs a request, 32 at a time; those stored more than a day before <paramref name="from"/> cost none.
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
        Listing listing = new(_compressors) { Stream = stream, From = from, To = to };
        try
        {
            await foreach (StoredObject stored in DescribedAsync(from, cancellationToken).ConfigureAwait(false))
            {
                listing.Add(stored);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"Cannot list {_store.Location}: {e.Message}", e);
        }

        _listed = listing;
        foreach (JournalObject found in JournalObjects.Order(listing.Objects))
        {
            if (listing.Touches(found.Start, found.End))
            {
                yield return found;
            }
        }
    }

    /// <summary>
    /// The objects of a stream's latest date: those with entries on the day of its newest one. In the order of <see cref="ListAsync"/>, and at its cost for all that is
    /// stored; nothing when the stream has no object. <see cref="Warnings"/> tells what was left out.
    /// </summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="timeZone">Where that day begins and ends; null (the default) is UTC, as <see cref="JournalOptions.DirectoryTimeZone"/> is by default.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="JournalException">The destination cannot be listed.</exception>
    public async IAsyncEnumerable<JournalObject> ListLatestDateAsync(
        string stream,
        TimeZoneInfo? timeZone = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        TimeZoneInfo zone = timeZone ?? TimeZoneInfo.Utc;
        List<(JournalObject Found, DateTime Date)> objects = [];
        await foreach (JournalObject found in ListAsync(stream, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            objects.Add((found, TimeZoneInfo.ConvertTime(found.End, zone).Date));
        }

        DateTime latest = objects.Count == 0 ? default : objects.Max(static pair => pair.Date);
        foreach ((JournalObject found, DateTime date) in objects)
        {
            if (date == latest)
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
        using Compressor compressor = _compressors.TryCreate(journalObject.Compression)
            ?? throw new JournalException($"Object '{journalObject.Key}' is compressed as '{journalObject.Compression}', which this version cannot read. A program's own compressor is given to the reader by UseCompressor.");
        return await GetAsync(journalObject.Key, compressor.Decompress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The bytes of another system's object as they are stored; nobody compares them with its hash.</summary>
    /// <exception cref="JournalException">The object is gone, or cannot be read.</exception>
    public Task<Stream> OpenForeignAsync(ForeignObject foreignObject, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(foreignObject);
        return GetAsync(foreignObject.Key, static stored => stored, cancellationToken);
    }

    /// <summary>
    /// The entries of the object in order, each as it was appended (of JSON without white space around it): of OTLP's framings without their resource, which <see cref="OpenAsync"/> shows. What was read before damage comes out first; in the
    /// compressed frame in which the damage stands, the last entries before it may already be wrong.
    /// </summary>
    /// <exception cref="JournalException">The object is damaged, ends in the middle of an entry or before the last, or holds another number of entries than its metadata says; or entries of its kind do not say where they end (see <see cref="StreamFraming.Concatenated"/>).</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadEntriesAsync(
        JournalObject journalObject,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journalObject);
        Framing framing = Framing.Find(journalObject.Framing, journalObject.Encoding, journalObject.Delimiter)
            ?? throw new JournalException($"Object '{journalObject.Key}' is framed as '{journalObject.Framing}' of '{journalObject.Encoding}', which this version cannot read.");
        if (!framing.CanSplit)
        {
            throw new JournalException($"Object '{journalObject.Key}' holds entries of '{journalObject.Encoding}' one after the other, and nothing says where one ends. OpenAsync reads its bytes.");
        }

        Stream content = await OpenAsync(journalObject, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            EntryReader entries = new(content, framing.CreateSplitter(), journalObject);
            while (await entries.ReadAsync(cancellationToken).ConfigureAwait(false) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private async Task<Stream> GetAsync(string key, Func<Stream, Stream> decode, CancellationToken cancellationToken)
    {
        try
        {
            Stream? stored = await _store.GetAsync(key, cancellationToken).ConfigureAwait(false);
            return decode(stored ?? throw new JournalException($"Object '{key}' is no longer in {_store.Location}."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"Cannot read object '{key}' in {_store.Location}: {e.Message}", e);
        }
    }

    /// <summary>What is listed, with metadata; what was stored too early to hold entries of that time is left out where the listing tells.</summary>
    private async IAsyncEnumerable<StoredObject> DescribedAsync(DateTimeOffset? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DateTimeOffset? storedFrom = from - DateTimeOffset.MinValue > _mostAhead ? from - _mostAhead : null;
        Queue<Task<StoredObject?>> asked = [];
        try
        {
            await foreach (StoredObject stored in _store.ListAsync("", cancellationToken).ConfigureAwait(false))
            {
                if (stored.StoredAt < storedFrom)
                {
                    continue;
                }

                asked.Enqueue(stored.Metadata is null ? _store.HeadAsync(stored.Key, cancellationToken) : Task.FromResult<StoredObject?>(stored));
                if (asked.Count >= MetadataAtOnce && await asked.Dequeue().ConfigureAwait(false) is { } described)
                {
                    yield return described;
                }
            }

            while (asked.TryDequeue(out Task<StoredObject?>? next))
            {
                // Null: it was deleted since.
                if (await next.ConfigureAwait(false) is { } described)
                {
                    yield return described;
                }
            }
        }
        finally
        {
            // After a failure or an early end: nobody else looks at the rest.
            foreach (Task<StoredObject?> rest in asked)
            {
                await ((Task)rest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _store.Dispose();

    // Step by step from the top: a reader must not make the directory that a slip of the pen names.
    private static StorageDirectory OpenExisting(string path)
    {
        string top = Path.GetPathRoot(path)!;
        StorageDirectory? directory = DiskDirectory.OpenPath(top).FollowingLinks();
        foreach (string name in path[top.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            directory = directory?.OpenDirectory(name);
        }

        return directory ?? throw new JournalException($"There is no directory '{path}', or it may not be read.");
    }
}
