namespace Sink.Core.Tests.Fakes;

/// <summary>A change of a file's content that the disk may not hold yet: bytes at an offset, or (without bytes) a new length.</summary>
internal sealed class FileChange
{
    private FileChange(long offset, byte[]? bytes, bool isPage)
    {
        Offset = offset;
        Bytes = bytes;
        IsPage = isPage;
    }

    public long Offset { get; }

    public byte[]? Bytes { get; private set; }

    /// <summary>A page of a map: it reaches the disk whole or not at all.</summary>
    public bool IsPage { get; }

    /// <summary>A sync has answered well for it.</summary>
    public bool IsDurable { get; set; }

    /// <summary>A sync has failed on it: the page cache calls it clean, no later sync will write it.</summary>
    public bool IsOrphaned { get; set; }

    public static FileChange Write(long offset, ReadOnlySpan<byte> bytes) => new(offset, bytes.ToArray(), isPage: false);

    public static FileChange Page(long offset, ReadOnlySpan<byte> bytes) => new(offset, bytes.ToArray(), isPage: true);

    public static FileChange Truncate(long length) => new(length, null, isPage: false);

    // The bytes are never changed in place, so clones may share them.
    public FileChange Clone() => new(Offset, Bytes, IsPage) { IsDurable = IsDurable, IsOrphaned = IsOrphaned };

    public void FlipBit(long offset, int bit)
    {
        if (Bytes is not null && offset >= Offset && offset < Offset + Bytes.Length)
        {
            Bytes = [.. Bytes];
            Bytes[offset - Offset] ^= (byte)(1 << bit);
        }
    }

    public void AddTo(FingerprintOfDoubt fingerprint)
    {
        HashCode bytes = default;
        bytes.AddBytes(Bytes);
        fingerprint.Add((ulong)Offset);
        fingerprint.Add((ulong)(uint)bytes.ToHashCode());
        fingerprint.Add((Bytes is null ? 8UL : 0) + (IsPage ? 4UL : 0) + (IsDurable ? 2UL : 0) + (IsOrphaned ? 1UL : 0));
    }

    public void ApplyTo(SparseBytes content)
    {
        if (Bytes is null)
        {
            content.SetLength(Offset);
        }
        else
        {
            content.Write(Offset, Bytes);
        }
    }
}
