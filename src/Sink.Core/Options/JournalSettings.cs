using System.Globalization;
using Sink.Core.Compressing;
using Sink.Core.Delivery.S3;
using Sink.Core.Storage;

namespace Sink.Core.Options;

/// <summary>Options that were checked, with every default found. Nothing changes them while the journal is open.</summary>
internal sealed record JournalSettings
{
    public required Destination Destination { get; init; }

    /// <summary>Null when the destination is a directory.</summary>
    public required S3Settings? S3 { get; init; }

    public required LocalDirectoryChoice LocalDirectory { get; init; }

    public required string Application { get; init; }

    public required string Id { get; init; }

    public required string? WorkId { get; init; }

    public required string? DataVersion { get; init; }

    public required TimeSpan MaxBatchLatency { get; init; }

    public required int MaxBatchSize { get; init; }

    public required bool Fsync { get; init; }

    /// <summary>A multiple of <see cref="SettingLimits.RingGranularity"/>.</summary>
    public required long RingBytes { get; init; }

    /// <summary>Absolute; null when the ring lies in <see cref="LocalDirectory"/>.</summary>
    public required string? RingDirectory { get; init; }

    public required long SegmentBytes { get; init; }

    public required int MaxEntryBytes { get; init; }

    public required long MaxObjectBytes { get; init; }

    public required TimeSpan MaxObjectAge { get; init; }

    public required Compression Compression { get; init; }

    /// <summary>The program's own, in place of <see cref="Compression"/>; null when there is none.</summary>
    public required CustomCompressor? Compressor { get; init; }

    /// <summary>0 where there are none.</summary>
    public required int CompressionLevel { get; init; }

    public required string DirectoryFormat { get; init; }

    public required TimeZoneInfo DirectoryTimeZone { get; init; }

    public required int? Shards { get; init; }

    public required long MaxDiskBytes { get; init; }

    /// <summary>Null until the volume is known: see <see cref="MinFreeDiskBytesOn"/>.</summary>
    public required long? MinFreeDiskBytes { get; init; }

    public required WhenFull WhenFull { get; init; }

    public required TimeSpan MaxBlockTime { get; init; }

    public required int MaxConcurrentUploads { get; init; }

    public required TimeSpan ShutdownTimeout { get; init; }

    public required IReadOnlyList<StreamRule> Streams { get; init; }

    public required TimeSpan IdleTimeout { get; init; }

    public required int MaxStreams { get; init; }

    public required int MaxOpenObjects { get; init; }

    public required TimeSpan StallAfter { get; init; }

    public required bool Exclusive { get; init; }

    public required bool ReportToStandardError { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public required IReadOnlyList<Action<JournalFailure>> FailureListeners { get; init; }

    /// <summary>Whether this machine has what a compression needs.</summary>
    public required Func<Compression, bool> HasCompression { get; init; }

    public required IReadOnlyList<Action<DeliveredObject>> DeliveryListeners { get; init; }

    public required Func<string, StorageDirectory> OpenDirectory { get; init; }

    /// <summary>Makes the user's own store; null: the destination's.</summary>
    public required Func<ObjectStore>? CreateStore { get; init; }

    /// <summary>What objects are compressed with.</summary>
    public FrameKind Kind => Compressor?.Kind ?? FrameKind.Of(Compression);

    /// <summary>Disk space that packing keeps for itself, so that a full disk never stops it from freeing segments.</summary>
    public long PackingReserveBytes => SettingLimits.PackingReserveBytes + MaxObjectBytes;

    /// <summary>Checks the options and finds what they leave open.</summary>
    /// <exception cref="JournalException">Lists every mistake in a line of its own.</exception>
    public static JournalSettings From(JournalOptions options, HostEnvironment environment, Func<string, bool> isWritable)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SettingsReader(options, environment).Read(isWritable);
    }

    /// <summary>Free space left to others on a volume of that size.</summary>
    public long MinFreeDiskBytesOn(long volumeTotalBytes) => MinFreeDiskBytes ?? Math.Min(512L << 20, volumeTotalBytes / 10);

    /// <summary>One line for each setting in which <paramref name="other"/>, a second front end's, differs. Clock and listeners are not compared; the making of a store is, for objects must not go where nobody looks for them.</summary>
    public IReadOnlyList<string> DifferencesFrom(JournalSettings other)
    {
        Dictionary<string, string> others = other.Compared().ToDictionary(pair => pair.Name, pair => pair.Value);
        return
        [
            .. Compared()
                .Where(pair => others.TryGetValue(pair.Name, out string? value) && value != pair.Value)
                .Select(pair => $"{pair.Name}: {pair.Value} and {others[pair.Name]}"),
            .. CreateStore is not null && other.CreateStore is not null && CreateStore != other.CreateStore
                ? [$"{nameof(JournalOptions.UseObjectStore)}: two functions that are not the same; keep one, and give it to both"]
                : (string[])[],
        ];
    }

    // Application is left out: it only chooses the directory, and that the two share.
    private IEnumerable<(string Name, string Value)> Compared()
    {
        yield return (nameof(Destination), Destination.Location);
        foreach ((string Name, string Value) pair in S3?.Compared() ?? [])
        {
            yield return pair;
        }

        yield return (nameof(LocalDirectory), LocalDirectory.Path);
        yield return (nameof(Id), Id);
        yield return (nameof(WorkId), Text(WorkId));
        yield return (nameof(DataVersion), Text(DataVersion));
        yield return (nameof(MaxBatchLatency), Text(MaxBatchLatency));
        yield return (nameof(MaxBatchSize), Text(MaxBatchSize));
        yield return (nameof(Fsync), Text(Fsync));
        yield return (nameof(RingBytes), Text(RingBytes));
        yield return (nameof(RingDirectory), RingDirectory ?? "not set");
        yield return (nameof(SegmentBytes), Text(SegmentBytes));
        yield return (nameof(MaxEntryBytes), Text(MaxEntryBytes));
        yield return (nameof(MaxObjectBytes), Text(MaxObjectBytes));
        yield return (nameof(MaxObjectAge), Text(MaxObjectAge));
        yield return (nameof(Compression), Text(Compression));
        yield return (nameof(CompressionLevel), Text(CompressionLevel));
        yield return (nameof(Compressor), Compressor is null ? "not set" : $"{Compressor.Kind.Name} ({Compressor.Kind.Suffix}, {Compressor.Kind.ContentType})");
        yield return (nameof(DirectoryFormat), DirectoryFormat);
        yield return (nameof(DirectoryTimeZone), DirectoryTimeZone.Id);
        yield return (nameof(Shards), Text(Shards));
        yield return (nameof(MaxDiskBytes), Text(MaxDiskBytes));
        yield return (nameof(MinFreeDiskBytes), Text(MinFreeDiskBytes));
        yield return (nameof(WhenFull), Text(WhenFull));
        yield return (nameof(MaxBlockTime), Text(MaxBlockTime));
        yield return (nameof(MaxConcurrentUploads), Text(MaxConcurrentUploads));
        yield return (nameof(ShutdownTimeout), Text(ShutdownTimeout));
        yield return (nameof(Streams), Streams.Count == 0 ? "not set" : string.Join("; ", Streams.Select(StreamChecks.Describe)));
        yield return (nameof(IdleTimeout), Text(IdleTimeout));
        yield return (nameof(MaxStreams), Text(MaxStreams));
        yield return (nameof(MaxOpenObjects), Text(MaxOpenObjects));
        yield return (nameof(StallAfter), Text(StallAfter));
        yield return (nameof(Exclusive), Text(Exclusive));
        yield return (nameof(ReportToStandardError), Text(ReportToStandardError));
    }

    private static string Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "not set";
}
