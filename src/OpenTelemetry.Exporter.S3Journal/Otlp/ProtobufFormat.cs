using System.Buffers.Binary;
using System.Text.Unicode;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>
/// OTLP's protobuf, with every length in as few bytes as it takes: a journal's entry holds one record, so padding would weigh on each. A message's length is
/// known at its end; one byte is kept free for it, which most take, and the content of a longer one moves.
/// </summary>
internal readonly struct ProtobufFormat : IOtlpFormat
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;

    /// <summary>Fields below it have a tag of one byte. Of OTLP's only a span's flags have none.</summary>
    private const int FirstLongTag = 16;

    /// <summary>Texts whose length takes one byte, whatever their letters.</summary>
    private const int ShortChars = 0x7f / 3;

    public static void BeginEntry(Utf8Buffer output)
    {
    }

    public static void EndEntry(Utf8Buffer output)
    {
    }

    public static int BeginMessage(OtlpField field, Utf8Buffer output)
    {
        if (field.Number < FirstLongTag)
        {
            Span<byte> bytes = output.Take(2);
            bytes[1] = 0;
            bytes[0] = ShortTag(field, LengthType);
        }
        else
        {
            Tag(field, LengthType, output);
            output.WriteByte(0);
        }

        return output.Length;
    }

    public static void EndMessage(int begin, Utf8Buffer output)
    {
        uint length = (uint)(output.Length - begin);
        if (length < 0x80)
        {
            output.Rewrite(begin - 1, 1)[0] = (byte)length;
            return;
        }

        int size = VarintSize(length);
        output.OpenGap(begin, size - 1);
        WriteVarint(length, output.Rewrite(begin - 1, size));
    }

    public static int BeginList(OtlpField field, Utf8Buffer output) => output.Length;

    public static void EndList(int begin, Utf8Buffer output)
    {
    }

    public static int BeginElement(OtlpField field, Utf8Buffer output) => BeginMessage(field, output);

    public static void Text(OtlpField field, ReadOnlySpan<char> value, Utf8Buffer output)
    {
        if (value.Length <= ShortChars && field.Number < FirstLongTag)
        {
            Span<byte> room = output.GetSpan(2 + (3 * ShortChars));
            Utf8.FromUtf16(value, room[2..], out _, out int written);
            room[1] = (byte)written;
            room[0] = ShortTag(field, LengthType);
            output.Advance(2 + written);
            return;
        }

        int begin = BeginMessage(field, output);
        output.WriteText(value);
        EndMessage(begin, output);
    }

    public static void Bool(OtlpField field, bool value, Utf8Buffer output)
    {
        Tag(field, VarintType, output);
        output.WriteByte(value ? (byte)1 : (byte)0);
    }

    public static void Integer(OtlpField field, long value, Utf8Buffer output)
    {
        Tag(field, VarintType, output);
        Varint((ulong)value, output);
    }

    public static void Double(OtlpField field, double value, Utf8Buffer output)
    {
        Time(field, BitConverter.DoubleToUInt64Bits(value), output);
    }

    public static void Bytes(OtlpField field, ReadOnlySpan<byte> value, Utf8Buffer output)
    {
        Tag(field, LengthType, output);
        Varint((uint)value.Length, output);
        output.Write(value);
    }

    public static void Count(OtlpField field, uint value, Utf8Buffer output)
    {
        Tag(field, VarintType, output);
        Varint(value, output);
    }

    public static void Flags(OtlpField field, uint value, Utf8Buffer output)
    {
        Tag(field, Fixed32Type, output);
        BinaryPrimitives.WriteUInt32LittleEndian(output.Take(sizeof(uint)), value);
    }

    public static void Time(OtlpField field, ulong value, Utf8Buffer output)
    {
        Span<byte> bytes = output.Take(1 + sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[1..], value);
        bytes[0] = ShortTag(field, Fixed64Type);
    }

    public static void Id(OtlpField field, ReadOnlySpan<byte> value, Utf8Buffer output) => Bytes(field, value, output);

    private static byte ShortTag(OtlpField field, int wireType) => (byte)((field.Number << 3) | wireType);

    private static void Tag(OtlpField field, int wireType, Utf8Buffer output) => Varint((uint)((field.Number << 3) | wireType), output);

    private static void Varint(ulong value, Utf8Buffer output)
    {
        if (value < 0x80)
        {
            output.WriteByte((byte)value);
        }
        else
        {
            WriteVarint(value, output.Take(VarintSize(value)));
        }
    }

    private static void WriteVarint(ulong value, Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length - 1; i++, value >>= 7)
        {
            bytes[i] = (byte)(value | 0x80);
        }

        bytes[^1] = (byte)value;
    }

    private static int VarintSize(ulong value)
    {
        int size = 1;
        while ((value >>= 7) != 0)
        {
            size++;
        }

        return size;
    }
}
