using System.Buffers;
using System.Buffers.Binary;

namespace Sink.Core.Payloads;

/// <summary>Writes MessagePack in its smallest form, with the types of 2011: "raw" for text and bytes alike, without str8 and bin, which came later.</summary>
internal static class MessagePackWriter
{
    public const byte Nil = 0xC0;
    public const byte False = 0xC2;
    public const byte True = 0xC3;

    public static void WriteByte(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public static void WriteInteger(IBufferWriter<byte> output, ulong value)
    {
        switch (value)
        {
            case <= 0x7F:
                WriteByte(output, (byte)value);
                break;
            case <= byte.MaxValue:
                Write(output, 0xCC, value, sizeof(byte));
                break;
            case <= ushort.MaxValue:
                Write(output, 0xCD, value, sizeof(ushort));
                break;
            case <= uint.MaxValue:
                Write(output, 0xCE, value, sizeof(uint));
                break;
            default:
                Write(output, 0xCF, value, sizeof(ulong));
                break;
        }
    }

    public static void WriteInteger(IBufferWriter<byte> output, long value)
    {
        switch (value)
        {
            case >= 0:
                WriteInteger(output, (ulong)value);
                break;
            case >= -32:
                WriteByte(output, (byte)value);
                break;
            case >= sbyte.MinValue:
                Write(output, 0xD0, (ulong)value, sizeof(sbyte));
                break;
            case >= short.MinValue:
                Write(output, 0xD1, (ulong)value, sizeof(short));
                break;
            case >= int.MinValue:
                Write(output, 0xD2, (ulong)value, sizeof(int));
                break;
            default:
                Write(output, 0xD3, (ulong)value, sizeof(long));
                break;
        }
    }

    public static void WriteRaw(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        WriteCount(output, bytes.Length, (Few: 0xA0, MostFew: 31, Some: 0xDA));
        output.Write(bytes);
    }

    public static void WriteArrayHead(IBufferWriter<byte> output, int count) => WriteCount(output, count, (Few: 0x90, MostFew: 15, Some: 0xDC));

    private static void WriteCount(IBufferWriter<byte> output, int count, (byte Few, int MostFew, byte Some) heads)
    {
        if (count <= heads.MostFew)
        {
            WriteByte(output, (byte)(heads.Few | count));
        }
        else if (count <= ushort.MaxValue)
        {
            Write(output, heads.Some, (ulong)count, sizeof(ushort));
        }
        else
        {
            Write(output, (byte)(heads.Some + 1), (ulong)count, sizeof(uint));
        }
    }

    private static void Write(IBufferWriter<byte> output, byte head, ulong value, int bytes)
    {
        Span<byte> big = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(big, value);
        WriteByte(output, head);
        output.Write(big[^bytes..]);
    }
}
