using System.Security.Cryptography;
using System.Text;
using Sink.Core.Storage;

namespace Sink.Core.Delivery;

/// <summary>
/// Everything a sealed object is delivered with: the same at every try, by whichever process. The metadata is kept
/// verbatim, for one serialised anew by a later version may differ. No path: files are named by ordinal and id.
/// </summary>
internal sealed record Sidecar
{
    private const uint Version = 1;

    /// <summary>Key below the store's root.</summary>
    public required string Key { get; init; }

    /// <summary>The metadata document.</summary>
    public required string Metadata { get; init; }

    public required string ContentType { get; init; }

    public required long Length { get; init; }

    public required byte[] Md5 { get; init; }

    /// <summary>Positions of the first and the last entry.</summary>
    public required long First { get; init; }

    public required long Last { get; init; }

    /// <summary>When the object was opened; its age counts from there.</summary>
    public required long OpenedUtcTicks { get; init; }

    private static ReadOnlySpan<byte> Magic => "S3JSIDE1"u8;

    public byte[] Encode() => RecordFile.Write(Magic, Version, writer =>
    {
        writer.Write(Key);
        writer.Write(Metadata);
        writer.Write(ContentType);
        writer.Write(Length);
        writer.Write(Md5);
        writer.Write(First);
        writer.Write(Last);
        writer.Write(OpenedUtcTicks);
    });

    /// <summary>Null when the bytes are not a whole, unaltered sidecar, or say what none of ours says: a key that leads out of the store's root.</summary>
    public static Sidecar? Decode(byte[] bytes) => RecordFile.Decode(bytes, Magic, Version, ReadBody) is { IsSound: true } sidecar ? sidecar : null;

    private static Sidecar ReadBody(BinaryReader reader) => new()
    {
        Key = reader.ReadString(),
        Metadata = reader.ReadString(),
        ContentType = reader.ReadString(),
        Length = reader.ReadInt64(),
        Md5 = reader.ReadBytes(MD5.HashSizeInBytes),
        First = reader.ReadInt64(),
        Last = reader.ReadInt64(),
        OpenedUtcTicks = reader.ReadInt64(),
    };

    /// <summary>Metadata and content type become headers of a request.</summary>
    private bool IsSound =>
        StoreKey.IsInside(Key)
        && Ascii.IsValid(Metadata) && !Metadata.AsSpan().ContainsAnyInRange('\0', '\u001F')
        && Ascii.IsValid(ContentType) && !ContentType.AsSpan().ContainsAnyInRange('\0', '\u001F')
        && Length >= 0
        && Md5.Length == MD5.HashSizeInBytes
        && First >= 0
        && Last >= First;
}
