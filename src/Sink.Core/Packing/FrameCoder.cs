using Sink.Core.Compressing;

namespace Sink.Core.Packing;

/// <summary>How frames are made. Two are the same when kind and level are.</summary>
internal sealed class FrameCoder(FrameKind kind, int level, Func<Compressor> create) : IEquatable<FrameCoder>
{
    /// <summary>What they are to readers.</summary>
    public FrameKind Kind { get; } = kind;

    public Func<Compressor> Create { get; } = create;

    private int Level { get; } = level;

    public static FrameCoder Of(Compression compression, int level) => new(FrameKind.Of(compression), level, () => Compressors.Create(compression, level));

    public bool Equals(FrameCoder? other) => other is not null && Kind == other.Kind && Level == other.Level;

    public override bool Equals(object? obj) => Equals(obj as FrameCoder);

    public override int GetHashCode() => HashCode.Combine(Kind, Level);
}
