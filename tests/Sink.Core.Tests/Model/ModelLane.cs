using Sink.Core.Compressing;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Tests.Compressing;

namespace Sink.Core.Tests.Model;

/// <summary>A lane of the model: how it is opened, what it reported, and the positions that nothing may go back behind.</summary>
internal sealed class ModelLane(int number)
{
    public const int MaxEntryBytes = 2048;

    public int Number => number;

    public string Folder => $"journal/{number}";

    public Lane? Lane { get; set; }

    public int RingBytes { get; set; } = 16 * 1024;

    public bool Fsync { get; set; } = true;

    public PackingSettings Packing { get; set; } = new("ndjson", Compression.Zstd, 1, "yyyy/MM/dd", "UTC");

    /// <summary>The program's own compressor, known to this run.</summary>
    public CustomCompressor? Compressor { get; set; }

    /// <summary>Whether the machine has liblzma.</summary>
    public bool HasLiblzma { get; set; } = true;

    public long MaxDiskBytes { get; set; } = 1L << 30;

    /// <summary>What a stream has of its own in a run.</summary>
    public Func<string, int, StreamDefinition?> Definitions { get; set; } = ModelDefinitions.Usual;

    /// <summary>How often it was opened.</summary>
    public int Run { get; set; }

    /// <summary>Streams whose definition this run has appended.</summary>
    public HashSet<string> Defined { get; private set; } = [];

    public List<JournalFailure> Failures { get; private set; } = [];

    /// <summary>Bits were flipped, or a run did not sync: reports of damage are true.</summary>
    public bool MayReportDamage { get; set; }

    /// <summary>Of what no sync had reached a definition may be gone, and entries behind it not.</summary>
    public bool HasLostPower { get; set; }

    /// <summary>Ordinals that this run was asked to give up.</summary>
    public HashSet<long> GivenUp { get; private set; } = [];

    /// <summary>Entries from here on were appended since the lane was opened.</summary>
    public int FirstOfRun { get; set; }

    /// <summary>Behind everything that was ever stored; a kill takes nothing of it.</summary>
    public long StoredEnd { get; set; }

    /// <summary>Behind everything that no power loss takes.</summary>
    public long DurableEnd { get; set; }

    public ModelLane Fork(bool powerLost)
    {
        ModelLane fork = (ModelLane)MemberwiseClone();
        fork.Lane = null;
        fork.HasLostPower |= powerLost;
        fork.Failures = [];
        fork.GivenUp = [];
        fork.Defined = [];
        return fork;
    }

    /// <summary>Everything small, so that a few hundred entries roll segments, wrap the ring, flush buffers and seal.</summary>
    public LaneSettings Settings() => new()
    {
        // Nobody else commits while a test appends: a full ring refuses at once.
        Limits = new LogLimits { MaxEntryBytes = MaxEntryBytes, Fsync = Fsync, StallAfter = TimeSpan.Zero },
        Plan = new PackingPlan
        {
            Packing = Packing,
            Compressor = Compressor,
            IsPresent = compression => compression != Compression.Xz || HasLiblzma,
            Id = "web01",
            Lane = 0,
            Run = 0,
            Epoch = "",
            FrameBytes = 1024,
            BufferBytes = 12 * 1024,
            CheckpointBytes = 16 * 1024,
            LagBytes = 24 * 1024,
            MaxObjectBytes = 10 * 1024,
            MaxOpenObjects = 6,
        },
        RingBytes = RingBytes,
        SegmentBytes = 32 * 1024,
        MaxDiskBytes = MaxDiskBytes,
        ReserveBytes = 0,
        MinFreeBytes = 0,
    };

    public void CheckFailures()
    {
        foreach (JournalFailure failure in Failures)
        {
            bool isExpected = failure.Kind == JournalFailureKind.Temporary
                || MayReportDamage
                || (HasLostPower && failure.Message.Contains("kept as they are", StringComparison.Ordinal))
                || failure.Message.Contains($"is sealed without its end: the compressor '{OwnCompressor.OwnName}'", StringComparison.Ordinal)
                || failure.Message.Contains("was given up to make room", StringComparison.Ordinal)
                || failure.Message.Contains("ntries are dropped in", StringComparison.Ordinal)
                || failure.Message.Contains("entries were dropped in", StringComparison.Ordinal);
            BrokenPromiseException.Unless(isExpected, $"Lane {Number} reports: {failure.Message}");
        }
    }
}
