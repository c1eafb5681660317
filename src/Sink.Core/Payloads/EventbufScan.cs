using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sink.Core.Payloads;

/// <summary>
/// Where an eventbuf-v2 event ends, and whether it is as it was written: its length, the version 2, key, type and value as raw bytes, the client's time, and the first 4 bytes of SHA-1 over all
/// before them, as raw bytes too or bare.
/// </summary>
internal static class EventbufScan
{
    public const byte Version = 2;
    public const int HashBytes = 4;

    /// <summary>A raw of <see cref="HashBytes"/>.</summary>
    public const byte HashHead = 0xA0 | HashBytes;

    /// <summary>The length of the event that begins with the first byte; 0 when it is not whole.</summary>
    /// <exception cref="InvalidDataException">It is none, or damaged.</exception>
    public static int LengthOfEvent(ReadOnlySpan<byte> bytes)
    {
        if (!TryReadLength(bytes, out int head, out long length))
        {
            return 0;
        }

        if (length > int.MaxValue - head)
        {
            throw new InvalidDataException($"An event cannot have {length} bytes.");
        }

        // The version is looked at before the rest is there: else of bytes that are no events the first would seem to be a long one.
        if (bytes.Length > head && length > 0 && bytes[head] != Version)
        {
            throw new InvalidDataException($"An event has the version {bytes[head]:x2} where {Version:x2} is known.");
        }

        int end = head + (int)length;
        if (bytes.Length < end)
        {
            return 0;
        }

        Check(bytes[..end], head);
        return end;
    }

    private static void Check(ReadOnlySpan<byte> entry, int head)
    {
        int at = head + 1;
        for (int field = 0; field < 3; field++)
        {
            at += LengthOf(entry, at, static first => first is (>= 0xA0 and <= 0xBF) or 0xDA or 0xDB);
        }

        at += LengthOf(entry, at, static first => first is <= 0x7F or (>= 0xCC and <= 0xD3) or >= 0xE0);
        ReadOnlySpan<byte> hash = entry[at..];
        if (hash is [HashHead, _, _, _, _])
        {
            hash = hash[1..];
        }

        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(entry[..at], digest);
        if (!hash.SequenceEqual(digest[..HashBytes]))
        {
            throw new InvalidDataException("The hash of an event is not that of its bytes.");
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> entry, int at, Func<byte, bool> isKind)
    {
        int length = at < entry.Length && isKind(entry[at]) ? MessagePackScan.LengthOfValue(entry[at..]) : 0;
        return length > 0 ? length : throw new InvalidDataException("The fields of an event are not those that its version has.");
    }

    private static bool TryReadLength(ReadOnlySpan<byte> bytes, out int head, out long length)
    {
        head = 1;
        length = 0;
        if (bytes.IsEmpty)
        {
            return false;
        }

        byte first = bytes[0];
        head = first switch
        {
            <= 0x7F => 1,
            0xCC => 2,
            0xCD => 3,
            0xCE => 5,
            _ => throw new InvalidDataException($"An event cannot begin with the byte {first:x2}."),
        };
        if (bytes.Length < head)
        {
            return false;
        }

        ReadOnlySpan<byte> number = bytes[1..head];
        length = head switch
        {
            1 => first,
            2 => number[0],
            3 => BinaryPrimitives.ReadUInt16BigEndian(number),
            _ => BinaryPrimitives.ReadUInt32BigEndian(number),
        };
        return true;
    }
}
