using Sink.Core.Compressing;

namespace Sink.Core.Packing;

/// <summary>What the packer follows in this run.</summary>
internal sealed record PackingPlan
{
    public required PackingSettings Packing { get; init; }

    /// <summary>The program's own compressor; null when it has none.</summary>
    public CustomCompressor? Compressor { get; init; }

    /// <summary>Whether a built-in compression can be used here; lets tests be without.</summary>
    public Func<Compression, bool> IsPresent { get; init; } = Compressors.IsPresent;

    /// <summary>Exact id of the journal, part of keys and metadata.</summary>
    public required string Id { get; init; }

    /// <summary>In every object's metadata; null: none.</summary>
    public string? WorkId { get; init; }

    /// <summary>In every object's metadata; null: none.</summary>
    public string? DataVersion { get; init; }

    public required int Lane { get; init; }

    public required uint Run { get; init; }

    /// <summary>As keys and metadata show it.</summary>
    public required string Epoch { get; init; }

    public int? Shards { get; init; }

    /// <summary>Raw bytes of one compressed frame.</summary>
    public int FrameBytes { get; init; } = 1024 * 1024;

    /// <summary>Bound of the buffers of all open objects together; the fullest goes first.</summary>
    public long BufferBytes { get; init; } = 16L * 1024 * 1024;

    public long MaxObjectBytes { get; init; } = 64L * 1024 * 1024;

    public TimeSpan MaxObjectAge { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    public int MaxOpenObjects { get; init; } = 20_000;

    /// <summary>A checkpoint is due after that many packed bytes.</summary>
    public long CheckpointBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>An object that holds back more of the log than this is flushed.</summary>
    public long LagBytes { get; init; } = 256L * 1024 * 1024;
}
