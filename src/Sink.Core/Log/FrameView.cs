namespace Sink.Core.Log;

/// <summary>A frame or padding as read; valid until its reader reads on.</summary>
internal readonly ref struct FrameView(long position, int size, long timestamp, ReadOnlySpan<byte> name, ReadOnlySpan<byte> payload, FrameTag tag)
{
    public long Position { get; } = position;

    /// <summary>Position of what follows.</summary>
    public long Next => Position + Size;

    public int Size { get; } = size;

    /// <summary>UTC ticks.</summary>
    public long Timestamp { get; } = timestamp;

    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public FrameTag Tag { get; } = tag;

    public bool IsEntry => !IsPadding && !Tag.IsDefinition;

    /// <summary>Stream names are never empty.</summary>
    public bool IsPadding => Name.IsEmpty;
}
