using System.Buffers.Binary;
using System.Text;

namespace Sink.Core.Storage;

/// <summary>
/// A small file that is read and written whole: magic of 8 bytes, version u32, length of the body i32, CRC-32C of
/// these two and the body u32, body. Little-endian; strings as a 7-bit encoded length and UTF-8.
/// </summary>
internal static class RecordFile
{
    private const int HeaderBytes = 20;

    public static byte[] Write(ReadOnlySpan<byte> magic, uint version, Action<BinaryWriter> body)
    {
        using MemoryStream stream = new();
        stream.Write(new byte[HeaderBytes]);
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        body(writer);
        writer.Flush();
        byte[] bytes = stream.ToArray();
        magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), bytes.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), ChecksumOf(bytes));
        return bytes;
    }

    /// <summary>A reader of the body, or null when the bytes are not a whole, unaltered record of that magic. The version is the caller's to judge.</summary>
    public static BinaryReader? Read(byte[] bytes, ReadOnlySpan<byte> magic, out uint version)
    {
        version = 0;
        if (bytes.Length < HeaderBytes
            || !bytes.AsSpan(0, 8).SequenceEqual(magic)
            || BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12)) != bytes.Length - HeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(16)) != ChecksumOf(bytes))
        {
            return null;
        }

        version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        return new BinaryReader(new MemoryStream(bytes, HeaderBytes, bytes.Length - HeaderBytes), Encoding.UTF8);
    }

    /// <summary>
    /// What the body says, or null when the bytes are not a whole, unaltered record of that magic and version. A right checksum only
    /// says that somebody wrote it so: a body that ends too early, goes on too long, or holds what is none of its types is none either.
    /// </summary>
    public static T? Decode<T>(byte[] bytes, ReadOnlySpan<byte> magic, uint version, Func<BinaryReader, T> body)
        where T : class
    {
        using BinaryReader? reader = Read(bytes, magic, out uint found);
        if (reader is null || found != version)
        {
            return null;
        }

        try
        {
            T decoded = body(reader);
            return reader.BaseStream.Position == reader.BaseStream.Length ? decoded : null;
        }
        catch (Exception exception) when (exception is IOException or FormatException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>A count of items that each take at least so many bytes: never more than the body has room for, so that nobody makes room for them.</summary>
    public static int ReadCount(BinaryReader reader, int leastItemBytes)
    {
        int count = reader.ReadInt32();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && count <= left / leastItemBytes
            ? count
            : throw new InvalidDataException($"{count} items do not fit into {left} bytes.");
    }

    /// <summary>The version too: a flipped bit must not make a file look like a newer version's, which is left alone.</summary>
    private static uint ChecksumOf(ReadOnlySpan<byte> bytes) =>
        ~Crc32C.Update(Crc32C.Update(uint.MaxValue, bytes[8..16]), bytes[HeaderBytes..]);
}
