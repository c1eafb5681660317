using System.Buffers.Binary;
using System.Numerics;
using Snappier;

namespace Sink.Core.Compressing;

/// <summary>
/// A piece of the snappy framing format (google/snappy, framing_format.txt): type, length in 3 bytes, and for text a masked
/// CRC-32C of it before compression, little-endian.
/// </summary>
internal static class SnappyChunk
{
    public const int HeaderBytes = 4;
    public const int ChecksumBytes = 4;

    /// <summary>The format's own limit for the text of a chunk.</summary>
    public const int MostText = 65536;

    public const byte Compressed = 0x00;
    public const byte Uncompressed = 0x01;
    public const byte Identifier = 0xFF;

    /// <summary>Passed over. Other unknown chunks from 80 hex on could be too, by the format; but nobody writes any, and a flipped bit makes one of a chunk of text.</summary>
    public const byte Padding = 0xFE;

    /// <summary>The longest chunk of text: the checksum, and a block that did not compress.</summary>
    public static readonly int MostBytes = ChecksumBytes + Snappy.GetMaxCompressedLength(MostText);

    public static ReadOnlySpan<byte> StreamIdentifier => [Identifier, 6, 0, 0, (byte)'s', (byte)'N', (byte)'a', (byte)'P', (byte)'p', (byte)'Y'];

    public static void WriteHeader(Span<byte> chunk, byte type, int length, uint checksum)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(chunk, type | ((uint)length << 8));
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[HeaderBytes..], checksum);
    }

    /// <summary>CRC-32C, rotated and offset as the format wants it: a checksum of data that holds checksums is no good one.</summary>
    public static uint Checksum(ReadOnlySpan<byte> text)
    {
        uint crc = uint.MaxValue;
        int words = text.Length & ~7;
        for (int i = 0; i < words; i += 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(text[i..]));
        }

        foreach (byte value in text[words..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }
}
