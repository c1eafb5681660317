using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;

using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>
/// An entry on disk. Little-endian: checksum u32, length u32, position i64, timestamp i64 (UTC ticks of 100 ns), name
/// length u16, <see cref="FrameTag"/> u16, stream name, payload, zeroes to a multiple of 8. The length leaves the zeroes out; the
/// checksum covers name and payload first and the header's rest last, so that appenders compute all but 24 bytes of
/// it before they take the lock.
/// </summary>
/// <remarks>
/// Padding is a word of 8 bytes: checksum u32 over position and length, length u32 with the top bit set; it stands for
/// that many bytes, itself included, which nobody reads.
/// </remarks>
internal static class Frame
{
    public const int HeaderBytes = 28;
    public const int Alignment = 8;
    public const int PaddingWordBytes = 8;

    private const uint PaddingBit = 0x8000_0000;

    /// <summary>Bytes a frame takes in the log.</summary>
    public static int SizeOf(int nameLength, int payloadLength) => Align(HeaderBytes + nameLength + payloadLength);

    public static int Align(int length) => (length + (Alignment - 1)) & ~(Alignment - 1);

    /// <summary>Everything of the checksum that does not depend on the position. <paramref name="nameState"/> is the run's seed moved over the name.</summary>
    public static uint PayloadState(uint nameState, ReadOnlySpan<byte> payload) => Crc32C.Update(nameState, payload);

    /// <summary>Writes a frame of <see cref="SizeOf"/> bytes; never reads <paramref name="target"/>, which may be a mapped file.</summary>
    public static void Write(Span<byte> target, uint payloadState, long position, long timestamp, ReadOnlySpan<byte> name, ReadOnlySpan<byte> payload, FrameTag tag)
    {
        int length = HeaderBytes + name.Length + payload.Length;
        ulong lengthAndLow = (uint)length | ((ulong)position << 32);
        ulong highAndLow = ((ulong)position >> 32) | ((ulong)timestamp << 32);
        ulong rest = ((ulong)timestamp >> 32) | ((ulong)(ushort)name.Length << 32) | ((ulong)tag.Bits << 48);
        uint state = BitOperations.Crc32C(payloadState, lengthAndLow);
        state = BitOperations.Crc32C(state, highAndLow);
        state = BitOperations.Crc32C(state, rest);

        BinaryPrimitives.WriteUInt32LittleEndian(target, ~state);
        BinaryPrimitives.WriteUInt64LittleEndian(target[4..], lengthAndLow);
        BinaryPrimitives.WriteUInt64LittleEndian(target[12..], highAndLow);
        BinaryPrimitives.WriteUInt64LittleEndian(target[20..], rest);
        name.CopyTo(target[HeaderBytes..]);
        payload.CopyTo(target[(HeaderBytes + name.Length)..]);
        target[length..Align(length)].Clear();
    }

    /// <summary>Writes the word that makes <paramref name="length"/> bytes from <paramref name="position"/> on be skipped.</summary>
    public static void WritePadding(Span<byte> target, uint seed, long position, int length)
    {
        Debug.Assert(length >= PaddingWordBytes && length % Alignment == 0);
        uint lengthField = (uint)length | PaddingBit;
        BinaryPrimitives.WriteUInt32LittleEndian(target, PaddingChecksum(seed, position, lengthField));
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], lengthField);
    }

    /// <summary>
    /// How many bytes must be at hand to judge what begins at <paramref name="head"/> (of at least
    /// <see cref="PaddingWordBytes"/> bytes): 0 when it can be neither frame nor padding.
    /// </summary>
    public static int BytesNeeded(ReadOnlySpan<byte> head, long position)
    {
        uint lengthField = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        if ((lengthField & PaddingBit) != 0)
        {
            return PaddingWordBytes;
        }

        if (lengthField < HeaderBytes || lengthField > int.MaxValue - Alignment)
        {
            return 0;
        }

        if (head.Length >= 16 && BinaryPrimitives.ReadInt64LittleEndian(head[8..]) != position)
        {
            return 0;
        }

        return Align((int)lengthField);
    }

    /// <summary>Reads the padding word or whole frame that <paramref name="bytes"/> begins with; false when it is neither at this position and under this seed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, uint seed, long position, out FrameView frame)
    {
        frame = default;
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        uint lengthField = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if ((lengthField & PaddingBit) != 0)
        {
            int padding = (int)(lengthField & ~PaddingBit);
            if (padding < PaddingWordBytes || padding % Alignment != 0 || checksum != PaddingChecksum(seed, position, lengthField))
            {
                return false;
            }

            frame = new FrameView(position, padding, 0, default, default, FrameTag.Plain);
            return true;
        }

        int length = (int)lengthField;
        if (length < HeaderBytes || length > bytes.Length || BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) != position)
        {
            return false;
        }

        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
        if (nameLength == 0 || HeaderBytes + nameLength > length)
        {
            return false;
        }

        uint state = Crc32C.Update(seed, bytes.Slice(HeaderBytes, nameLength));
        state = Crc32C.Update(state, bytes[(HeaderBytes + nameLength)..length]);
        state = Crc32C.Update(state, bytes[4..HeaderBytes]);
        if (checksum != ~state)
        {
            return false;
        }

        frame = new FrameView(
            position,
            Align(length),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            bytes.Slice(HeaderBytes, nameLength),
            bytes[(HeaderBytes + nameLength)..length],
            new FrameTag(BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..])));
        return true;
    }

    private static uint PaddingChecksum(uint seed, long position, uint lengthField) =>
        ~BitOperations.Crc32C(BitOperations.Crc32C(seed, (ulong)position), lengthField);
}
