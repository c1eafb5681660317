using System.Buffers.Binary;

namespace Sink.Core.Payloads;

/// <summary>Finds where a MessagePack value ends (<see href="https://github.com/msgpack/msgpack/blob/master/spec.md"/>).</summary>
internal static class MessagePackScan
{
    /// <summary>Name of the encoding.</summary>
    public const string Encoding = "msgpack";

    /// <summary>The length of the value that begins with the first byte; 0 when it is not whole.</summary>
    /// <exception cref="InvalidDataException">A byte that is never used.</exception>
    public static int LengthOfValue(ReadOnlySpan<byte> bytes)
    {
        // Counted, not nested: neither depth nor a count that promises too much costs more than the bytes that are there. 5 bytes promise
        // 2^33 values at most, so that a buffer's 2^31 cannot overflow it.
        long missing = 1;
        long at = 0;
        while (missing > 0)
        {
            if (at >= bytes.Length)
            {
                return 0;
            }

            if (!TryReadHead(bytes[(int)at..], out int head, out long body, out long values))
            {
                return 0;
            }

            at += head + body;
            missing += values - 1;
        }

        return at <= bytes.Length ? (int)at : 0;
    }

    /// <summary>What the first byte begins: the bytes of its head, those behind it that belong to it, and the values it holds.</summary>
    private static bool TryReadHead(ReadOnlySpan<byte> bytes, out int head, out long body, out long values)
    {
        byte first = bytes[0];
        int countBytes = 0;
        body = 0;
        values = 0;
        switch (first)
        {
            case <= 0x7F or 0xC0 or 0xC2 or 0xC3 or >= 0xE0:
                break;
            case <= 0x8F:
                values = 2 * (first & 0x0F);
                break;
            case <= 0x9F:
                values = first & 0x0F;
                break;
            case <= 0xBF:
                body = first & 0x1F;
                break;
            case 0xC1:
                throw new InvalidDataException("An entry has the byte c1, which MessagePack never uses.");
            case <= 0xC9:
                // bin 8, 16, 32, then ext, which has a type too.
                countBytes = 1 << ((first - 0xC4) % 3);
                body = first >= 0xC7 ? 1 : 0;
                break;
            case 0xCA or 0xCE or 0xD2:
                body = 4;
                break;
            case 0xCB or 0xCF or 0xD3:
                body = 8;
                break;
            case 0xCC or 0xD0:
                body = 1;
                break;
            case 0xCD or 0xD1:
                body = 2;
                break;
            case <= 0xD8:
                body = 1 + (1 << (first - 0xD4));
                break;
            case <= 0xDB:
                countBytes = 1 << (first - 0xD9);
                break;
            default:
                // array 16, 32, map 16, 32
                countBytes = first % 2 == 0 ? 2 : 4;
                break;
        }

        head = 1 + countBytes;
        if (bytes.Length < head)
        {
            return false;
        }

        long count = Count(bytes.Slice(1, countBytes));
        if (first is >= 0xDC and <= 0xDF)
        {
            values = first >= 0xDE ? 2 * count : count;
        }
        else
        {
            body += count;
        }

        return true;
    }

    private static long Count(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        0 => 0,
        1 => bytes[0],
        2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
    };
}
