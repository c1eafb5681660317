using Sink.Core.Log;
using Sink.Core.Options;
using Sink.Core.Packing;
using Sink.Core.Storage;

namespace Sink.Core.Lanes;

/// <summary>What a lane follows.</summary>
internal sealed record LaneSettings
{
    public required LogLimits Limits { get; init; }

    /// <summary>Run, epoch and lane number are filled in at open.</summary>
    public required PackingPlan Plan { get; init; }

    public required long RingBytes { get; init; }

    public required long SegmentBytes { get; init; }

    public required long MaxDiskBytes { get; init; }

    public required long ReserveBytes { get; init; }

    /// <summary>Null: 512 MiB, at most a tenth of the volume.</summary>
    public required long? MinFreeBytes { get; init; }

    public static LaneSettings From(JournalSettings settings) => new()
    {
        Limits = new LogLimits
        {
            MaxEntryBytes = settings.MaxEntryBytes,
            MaxBatchLatency = settings.MaxBatchLatency,
            MaxBatchSize = settings.MaxBatchSize,
            Fsync = settings.Fsync,
            WhenFull = settings.WhenFull,
            MaxBlockTime = settings.MaxBlockTime,
            StallAfter = settings.StallAfter,
        },
        Plan = new PackingPlan
        {
            Packing = new PackingSettings(Payloads.NdjsonFraming.FramingName, settings.Compression, settings.CompressionLevel, settings.DirectoryFormat, settings.DirectoryTimeZone.Id)
            {
                Custom = settings.Compressor?.Kind,
            },
            Compressor = settings.Compressor,
            Id = settings.Id,
            WorkId = settings.WorkId,
            DataVersion = settings.DataVersion,
            Lane = 0,
            Run = 0,
            Epoch = "",
            Shards = settings.Shards,
            MaxObjectBytes = settings.MaxObjectBytes,
            MaxObjectAge = settings.MaxObjectAge,
            IdleTimeout = settings.IdleTimeout,
            MaxOpenObjects = settings.MaxOpenObjects,
            LagBytes = 4 * settings.SegmentBytes,
        },
        RingBytes = settings.RingBytes,
        SegmentBytes = settings.SegmentBytes,
        MaxDiskBytes = settings.MaxDiskBytes,
        ReserveBytes = settings.PackingReserveBytes,
        MinFreeBytes = settings.MinFreeDiskBytes,
    };

    public DiskBudget CreateBudget(StorageDirectory directory)
    {
        long total = directory.GetSpace().TotalBytes;
        return new DiskBudget(directory, MaxDiskBytes, ReserveBytes, MinFreeBytes ?? Math.Min(512L << 20, total / 10), Math.Min(2 * SegmentBytes, ReserveBytes));
    }
}
