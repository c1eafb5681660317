using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Sink.Core.Compressing;

/// <summary>
/// What stands around the LZMA data of an lzip member (lzip manual, "File format"): 6 bytes before it with the size of the
/// dictionary, 20 behind it with the CRC-32 and the length of the text, and the length of the member. Little-endian.
/// </summary>
internal static class LzipMember
{
    public const int HeaderBytes = 6;
    public const int TrailerBytes = 20;

    /// <summary>Literal context bits 3, position bits 2: lzip knows no others.</summary>
    public const byte LzmaProperties = 93;

    public const int LeastDictionary = 1 << 12;

    /// <summary>Eight times what this package writes at most and twice what <c>lzip -9</c> does; the format allows 512 MiB, which a flipped bit must not make us take.</summary>
    public const int MostDictionary = 1 << 26;

    private static readonly uint[] _crcs = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    private static ReadOnlySpan<byte> Magic => "LZIP\u0001"u8;

    /// <param name="output">Takes the header.</param>
    /// <param name="dictionary">A power of two.</param>
    public static void WriteHeader(IBufferWriter<byte> output, int dictionary)
    {
        output.Write(Magic);
        output.Write([(byte)BitOperations.Log2((uint)dictionary)]);
    }

    public static void WriteTrailer(IBufferWriter<byte> output, ReadOnlySpan<byte> text, long memberBytes)
    {
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, UpdateCrc(0, text));
        BinaryPrimitives.WriteInt64LittleEndian(trailer[4..], text.Length);
        BinaryPrimitives.WriteInt64LittleEndian(trailer[12..], memberBytes);
        output.Write(trailer);
    }

    /// <summary>The size of the dictionary.</summary>
    /// <exception cref="InvalidDataException">The bytes begin no member.</exception>
    public static int ReadHeader(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith(Magic))
        {
            throw new InvalidDataException("The bytes are not lzip data, or lzip data is followed by something else.");
        }

        // A power of two, less so many sixteenths of it.
        int power = header[^1] & 0x1F;
        int fraction = header[^1] >> 5;
        long size = (1L << power) - (fraction * ((1L << power) / 16));
        return size is >= LeastDictionary and <= MostDictionary
            ? (int)size
            : throw new InvalidDataException($"The lzip data wants a dictionary of {size} bytes; {LeastDictionary} to {MostDictionary} are read.");
    }

    /// <exception cref="InvalidDataException">The member is not what its trailer says.</exception>
    public static void CheckTrailer(ReadOnlySpan<byte> trailer, uint crc, long textBytes, long memberBytes)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) != crc
            || BinaryPrimitives.ReadInt64LittleEndian(trailer[4..]) != textBytes
            || BinaryPrimitives.ReadInt64LittleEndian(trailer[12..]) != memberBytes)
        {
            throw new InvalidDataException("The lzip data is damaged: a member is not what its checksum and sizes say.");
        }
    }

    /// <summary>CRC-32 as in gzip; begin with 0.</summary>
    public static uint UpdateCrc(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (byte value in bytes)
        {
            crc = _crcs[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint CrcOf(int value)
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return crc;
    }
}
