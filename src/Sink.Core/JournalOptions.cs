using Amazon.Runtime;
using Amazon.S3;
using Sink.Core.Options;
using Sink.Core.Storage;

namespace Sink.Core;

/// <summary>
/// Settings of a journal. Checked once, when the journal is opened, with every mistake in one message.
/// Each property is something a configuration file can hold; what only code can give comes by method.
/// In JSON write times as <c>"00:00:00.200"</c>: <c>"200"</c> is 200 days to .NET, and refused where that is too long.
/// </summary>
public class JournalOptions
{
    private readonly List<Action<JournalFailure>> _failureListeners = [];
    private readonly List<Action<DeliveredObject>> _deliveryListeners = [];

    /// <summary>
    /// Where objects go: <c>s3://bucket/prefix</c>, or <c>file:///dir</c>, an absolute path, percent-encoded where a URI
    /// needs it. Required, unless <see cref="UseObjectStore"/> gives a store: then it must not be set. Most options of <see cref="S3"/> may stand in its query (<c>s3://bucket/prefix?region=eu-west-1</c>), secrets may not.
    /// </summary>
    public string? Destination { get; set; }

    /// <summary>How an <c>s3://</c> destination is reached, and objects are put there; not looked at for others.</summary>
    public S3Options S3 { get; set; } = new();

    /// <summary>
    /// The directory on disk that holds entries until they are delivered; made when missing. Null finds one: the first
    /// writable of the environment variables <c>S3JOURNAL_DIRECTORY</c> and <c>STATE_DIRECTORY</c> (set by systemd),
    /// <c>%ProgramData%</c> for a Windows service, the user's local application data, and the temporary directory, with
    /// <c>s3journal/</c> and <see cref="Application"/> below it. What is not delivered is lost with this directory: in a
    /// container name a volume that outlives it.
    /// </summary>
    public string? LocalDirectory { get; set; }

    /// <summary>
    /// The program's name, a part of the directory found when <see cref="LocalDirectory"/> is null. Letters, digits, '_', '.'
    /// and '-', at most 64. Null takes the entry assembly's name, with other characters as '-'.
    /// </summary>
    public string? Application { get; set; }

    /// <summary>
    /// Who writes: part of every object's key and metadata. Letters, digits, '_', '.' and '-', at most 64; keep it over
    /// restarts. Null takes the host name, with other characters as '-'.
    /// </summary>
    public string? Id { get; set; }

    /// <summary>
    /// The run, job or order that the entries belong to: the <c>work_id</c> in the metadata of every object that this journal seals,
    /// what an earlier process left included. 1 to 64 of the characters a-z, 0-9, '_' and '-', and not the word null. Null (the default) gives none.
    /// </summary>
    public string? WorkId { get; set; }

    /// <summary>
    /// The version of the entries' own form: the <c>data-version</c> in the metadata of every object that this journal seals. 1 to 64 of the
    /// characters A-Z, a-z, 0-9, '_' and '-'. Null (the default) leaves it out.
    /// </summary>
    public string? DataVersion { get; set; }

    /// <summary>
    /// The longest an entry waits for the sync that makes it survive the machine; the newest entries up to this age can be
    /// lost in a power loss, and none when only the process dies. Default 200 ms, 1 ms to 1 h.
    /// </summary>
    public TimeSpan MaxBatchLatency { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Entries that start a sync before <see cref="MaxBatchLatency"/> has passed; at most about these many can be lost in a power loss. Default 10,000, 1 to 10,000,000.</summary>
    public int MaxBatchSize { get; set; } = 10_000;

    /// <summary>
    /// Whether each commit is synced to the disk. Default true. False is faster on slow disks: then only what a
    /// checkpoint or a delivered object holds survives a power loss; the death of the process still loses nothing.
    /// </summary>
    public bool Fsync { get; set; } = true;

    /// <summary>
    /// Size of the memory-mapped ring that takes entries before they are committed, in bytes. Default 16 MiB, 64 KiB to
    /// 1 GiB, rounded up to a multiple of 4,096. A burst that fills it waits for the committer, then <see cref="WhenFull"/> applies.
    /// </summary>
    public long RingBytes { get; set; } = 16L << 20;

    /// <summary>
    /// Another directory for the ring. Null (the default) keeps it in <see cref="LocalDirectory"/>. On a tmpfs entries
    /// still survive the process; those not yet committed are lost with the machine, as elsewhere.
    /// </summary>
    public string? RingDirectory { get; set; }

    /// <summary>Size at which the log goes on in a new file, in bytes. Default 64 MiB, 1 MiB to 1 GiB. Disk space is given back in steps of this size.</summary>
    public long SegmentBytes { get; set; } = 64L << 20;

    /// <summary>
    /// The largest entry, in bytes. Default 1 MiB; at least 1, and at most a quarter of <see cref="RingBytes"/> less 1 KiB for its
    /// header. A larger one is not stored but answered with <see cref="AppendResult.TooLarge"/> and counted.
    /// </summary>
    public int MaxEntryBytes { get; set; } = 1 << 20;

    /// <summary>Size at which an object is sealed for delivery, in compressed bytes. Default 64 MiB, 4 KiB to 5 GiB.</summary>
    public long MaxObjectBytes { get; set; } = 64L << 20;

    /// <summary>Age at which an object is sealed for delivery: how late entries reach the store when little is logged. Default 5 min, 10 ms to 7 days.</summary>
    public TimeSpan MaxObjectAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How objects are compressed. Default <see cref="Compression.Zstd"/>. Lzma and Xz are for a few MB of log a second and less,
    /// and Xz for machines with liblzma. For a compressor of your own see <see cref="UseCompressor"/>.
    /// </summary>
    public Compression Compression { get; set; } = Compression.Zstd;

    /// <summary>
    /// The compressor's level: -5 to 22 for Zstd, 0 to 9 for Gzip, Lzma and Xz. Null (the default) is 1, the fast end, for
    /// Zstd and Gzip, and 6 for Lzma and Xz. Snappy has no levels and refuses one; without compression it is not looked at.
    /// </summary>
    public int? CompressionLevel { get; set; }

    /// <summary>
    /// The date part of an object's key, a .NET custom date format in the invariant culture, filled from the entries'
    /// timestamps. Default <c>yyyy/MM/dd</c>. Text of your own stands in quotes: <c>'year='yyyy/'month='MM</c>. One with
    /// minutes or seconds makes an object for each.
    /// </summary>
    public string DirectoryFormat { get; set; } = "yyyy/MM/dd";

    /// <summary>The time zone of <see cref="DirectoryFormat"/>, an IANA or Windows name. Default <c>UTC</c>.</summary>
    public string DirectoryTimeZone { get; set; } = "UTC";

    /// <summary>Spreads objects over this many top-level directories, named with one base-36 digit. 1 to 36; null (the default) leaves that part of the key out.</summary>
    public int? Shards { get; set; }

    /// <summary>
    /// The most that the journal's files may take on disk, in bytes. Default 1 GiB; at least <see cref="RingBytes"/>, two
    /// <see cref="SegmentBytes"/>, one <see cref="MaxObjectBytes"/> and 16 MiB together. At the limit <see cref="WhenFull"/> applies.
    /// </summary>
    public long MaxDiskBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Free space left to others on the disk, in bytes; below it <see cref="WhenFull"/> applies. 0 or more; null (the
    /// default) is the smaller of 512 MiB and a tenth of the volume.
    /// </summary>
    public long? MinFreeDiskBytes { get; set; }

    /// <summary>What becomes of an entry when the journal may not grow. Default <see cref="WhenFull.DropNewest"/>. Every dropped entry is counted and reported.</summary>
    public WhenFull WhenFull { get; set; } = WhenFull.DropNewest;

    /// <summary>
    /// The longest a caller waits under <see cref="WhenFull.Block"/>; then its entry is dropped and counted. Default 60 s,
    /// 0 to 1 h; on threads of the pool never above 2 s, for they may be the ones that must deliver.
    /// </summary>
    public TimeSpan MaxBlockTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Objects on their way to the store at once; of one stream and date never more than one. Default 4, 1 to 64.</summary>
    public int MaxConcurrentUploads { get; set; } = 4;

    /// <summary>
    /// The longest that closing waits for the store. Default 10 s, 0 to 1 h. What is not delivered by then stays on disk
    /// for the next process that opens the directory.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Options of streams by their names; the first that matches counts, so put the special ones first. In JSON:
    /// <c>"Streams": [ { "Match": "orders/*", "MaxObjectAge": "00:01:00" } ]</c>. Default none. What <see cref="Journal.OpenStream"/> is given counts before it.
    /// </summary>
    public IList<StreamRule> Streams { get; set; } = [];

    /// <summary>
    /// A stream that has had no entry for that long is closed: its objects are sealed and delivered, and it no longer counts for <see cref="MaxStreams"/> (within
    /// twice that time). The next entry opens it again. Default 30 min, 1 s to 7 days. Above <see cref="MaxObjectAge"/>, as by default, objects are sealed by that before.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Streams in use, with names of their own; entries for further ones go to the stream <c>_overflow</c>, reported once. Default 10,000, 1 to 1,000,000.</summary>
    public int MaxStreams { get; set; } = 10_000;

    /// <summary>
    /// Objects being filled at once, one for each stream and date; the least recently used is sealed to make room. Default 20,000: two
    /// dates of <see cref="MaxStreams"/>. 1 to 100,000; each takes a few KiB of memory. With fewer than there are streams in use, nearly each entry becomes
    /// an object of its own.
    /// </summary>
    public int MaxOpenObjects { get; set; } = 20_000;

    /// <summary>How long a full ring may show no progress, as when the disk hangs, before <see cref="WhenFull"/> applies. Default 1 s, 10 ms to 1 min.</summary>
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a second process that opens the directory gets an error. Default false: it writes beside the first.</summary>
    public bool Exclusive { get; set; }

    /// <summary>Whether the first failure prints one line to standard error when nobody listens for failures. Default true.</summary>
    public bool ReportToStandardError { get; set; } = true;

    internal TimeProvider TimeProvider { get; private set; } = TimeProvider.System;

    internal IReadOnlyList<Action<JournalFailure>> FailureListeners => _failureListeners;

    internal IReadOnlyList<Action<DeliveredObject>> DeliveryListeners => _deliveryListeners;

    /// <summary>Lets tests have segments below 1 MiB, so that many of them are made by few entries.</summary>
    internal long SmallestSegmentBytes { get; set; } = SettingLimits.SmallestSegmentBytes;

    /// <summary>How a directory is opened; lets tests have one in memory, or one that fails.</summary>
    internal Func<string, StorageDirectory> OpenDirectory { get; set; } = DiskDirectory.OpenPath;

    /// <summary>A client of the user's own, never disposed here.</summary>
    internal IAmazonS3? S3Client { get; private set; }

    internal AWSCredentials? Credentials { get; private set; }

    /// <summary>Begins what each request of the store runs in; null: nothing.</summary>
    internal Func<IDisposable>? BeginRequest { get; private set; }

    /// <summary>Makes a compressor of the user's own.</summary>
    internal Func<Compressor>? CreateCompressor { get; private set; }

    /// <summary>Makes a store of the user's own.</summary>
    internal Func<ObjectStore>? CreateStore { get; private set; }

    /// <summary>Takes the time from <paramref name="timeProvider"/> instead of the system.</summary>
    public void UseTimeProvider(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        TimeProvider = timeProvider;
    }

    /// <summary>
    /// Delivers to an <c>s3://</c> destination with that client; of <see cref="S3"/> only the time-outs, and how objects are put, are looked at. It stays
    /// the caller's to dispose, after the journal. Its spans and log lines of deliveries are the client's own affair, unless <see cref="AroundDelivery"/> keeps them away; log
    /// lines that come back to this journal are not stored (<see cref="JournalStats"/> counts them as suppressed).
    /// </summary>
    public void UseS3Client(IAmazonS3 client)
    {
        ArgumentNullException.ThrowIfNull(client);
        S3Client = client;
    }

    /// <summary>
    /// As <see cref="UseS3Client"/>, unless these options say how the server is reached: by a client, by credentials, or by an endpoint,
    /// a region, a profile, keys or a role in <see cref="S3"/> or <see cref="Destination"/>. For a client that a program has anyway. Whether it is used.
    /// </summary>
    /// <param name="find">Called only when these options do not say it; null when there is none.</param>
    public bool TryUseS3Client(Func<IAmazonS3?> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        S3Options s3 = S3Query.Apply(Options.Destination.Parse(Destination, out _)?.Query ?? [], S3, new OptionChecks());
        bool isOpen = S3Client is null && Credentials is null && (s3.Endpoint ?? s3.Region ?? s3.Profile ?? s3.AccessKeyId ?? s3.RoleArn ?? s3.WebIdentityTokenFile) is null;
        if (isOpen)
        {
            S3Client = find();
        }

        return isOpen && S3Client is not null;
    }

    /// <summary>Signs requests to an <c>s3://</c> destination with these credentials, instead of those that <see cref="S3"/> or the environment names. They are asked for at each request.</summary>
    public void UseCredentials(AWSCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        Credentials = credentials;
    }

    /// <summary>
    /// Runs each request to an <c>s3://</c> destination inside of what that begins and disposes it after the answer: for a scope that follows the asynchronous flow, such as
    /// one that keeps instrumentation from making spans of deliveries. Of several front ends of a journal the first's counts. What it throws fails the request, which is tried again.
    /// </summary>
    /// <param name="begin">Called by the journal's own threads and those of the pool, at times several at once.</param>
    public void AroundDelivery(Func<IDisposable> begin)
    {
        ArgumentNullException.ThrowIfNull(begin);
        BeginRequest = begin;
    }

    /// <summary>
    /// Compresses with a compressor of your own; <see cref="Compression"/> and <see cref="CompressionLevel"/> are then not
    /// looked at. Readers need it too: <see cref="JournalReader.UseCompressor"/>. A later process without it loses nothing: it seals
    /// what was begun with it as it is, and goes on as its own options say.
    /// </summary>
    /// <param name="create">Makes a new one at each call: at open, by the caller's thread, to check its names; one for each lane, and another after a failure, by the journal's own threads, at times several at once.</param>
    public void UseCompressor(Func<Compressor> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        CreateCompressor = create;
    }

    /// <summary>
    /// Delivers to a store of your own, in place of a <see cref="Destination"/>, which must not be set beside it, and of <see cref="S3"/>, which is then not looked at. The store's
    /// <see cref="ObjectStore.Location"/> names it in messages. <see cref="JournalReader.Open(JournalOptions)"/> reads from it too.
    /// Front ends that share a journal must give the same delegate: two that are not equal are refused as different settings.
    /// </summary>
    /// <param name="create">
    /// Makes a new store; called once by the thread that opens the journal or reader, which disposes the store when it is closed. What it throws comes out of
    /// <see cref="Journal.Open"/> as a <see cref="JournalException"/>; a front end reports that, and tries to open again.
    /// </param>
    public void UseObjectStore(Func<ObjectStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        CreateStore = create;
    }

    /// <summary>
    /// Adds a callback for delivered objects; several may be added, each once. It is called after the store has confirmed an object and the journal has deleted its own files of it: at most once for
    /// an object in this process, however often it had to be put, and for objects of earlier runs and of dead neighbours' lanes too. When the process dies between
    /// the confirmation and the call, the object is delivered and no callback hears of it, unless one of its files was still there: then the next process finds the object stored, and calls.
    /// <para>
    /// Calls come one at a time, on the thread that also calls the listeners of <see cref="OnFailure"/>. A callback may append, flush and dispose; one that blocks holds up that thread, and no delivery. At most
    /// 10,000 notices wait for it, and further ones are left out, counted and reported. What it throws is reported as a failure (<see cref="JournalFailureKind.Temporary"/>), once until it
    /// succeeds again, and changes nothing: the object is delivered, and is neither put nor told again.
    /// </para>
    /// <para>
    /// When <see cref="Journal.FlushAsync"/> completes, the notices of its objects are on their way, and it does not wait for the calls. Disposing the journal waits for them, within
    /// <see cref="ShutdownTimeout"/> and a second more; what is not called by then may never be.
    /// </para>
    /// </summary>
    public void OnObjectDelivered(Action<DeliveredObject> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (!_deliveryListeners.Contains(callback))
        {
            _deliveryListeners.Add(callback);
        }
    }

    /// <summary>
    /// Adds a listener for failures; several may be added, each once. It is called on a thread of the journal's own, one failure at a time
    /// and once per change of state; what it throws is ignored.
    /// </summary>
    public void OnFailure(Action<JournalFailure> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        if (!_failureListeners.Contains(listener))
        {
            _failureListeners.Add(listener);
        }
    }
}
