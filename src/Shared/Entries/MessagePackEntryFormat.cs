using System.Buffers.Binary;
using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>
/// Entries as MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), each thing in its shortest form. A map or array is known by the place of its header. The header counts
/// what comes as it comes, and is made wider at the 16th and the 65,536th: what is written is well-formed at any moment, and nobody need know a count before.
/// </summary>
/// <remarks>By hand, and not by the package MessagePack, whose writer asks for each count before the content; that one reads and writes the same in the tests.</remarks>
internal readonly struct MessagePackEntryFormat : IEntryFormat
{
    private const int MostInFix = 15;
    private const int WideHeader = 3;

    public static EntryEncoding Encoding => EntryEncoding.MessagePack;

    public static int BeginMap(Utf8Buffer output) => Code(MessagePackCode.FixMap, output);

    public static void EndMap(Utf8Buffer output)
    {
    }

    public static int BeginArray(Utf8Buffer output) => Code(MessagePackCode.FixArray, output);

    public static void EndArray(Utf8Buffer output)
    {
    }

    public static int Next(int collection, Utf8Buffer output)
    {
        Span<byte> header = output.Rewrite(collection, 1);
        byte code = header[0];
        if (code > MessagePackCode.LastFixArray)
        {
            NextOfMany(collection, code, output);
        }
        else if ((code & MostInFix) < MostInFix)
        {
            header[0]++;
        }
        else
        {
            output.OpenGap(collection + 1, WideHeader - 1);
            header = output.Rewrite(collection, WideHeader);
            header[0] = code <= MessagePackCode.LastFixMap ? MessagePackCode.Map16 : MessagePackCode.Array16;
            BinaryPrimitives.WriteUInt16BigEndian(header[1..], MostInFix + 1);
        }

        return output.Length;
    }

    public static void TakeBack(int collection, int begin, Utf8Buffer output)
    {
        output.Truncate(begin);
        byte code = output.Rewrite(collection, 1)[0];
        if (code <= MessagePackCode.LastFixArray)
        {
            output.Rewrite(collection, 1)[0]--;
        }
        else if (code is MessagePackCode.Map16 or MessagePackCode.Array16)
        {
            Span<byte> count = output.Rewrite(collection + 1, sizeof(ushort));
            BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) - 1));
        }
        else
        {
            Span<byte> count = output.Rewrite(collection + 1, sizeof(uint));
            BinaryPrimitives.WriteUInt32BigEndian(count, BinaryPrimitives.ReadUInt32BigEndian(count) - 1);
        }
    }

    public static void Member(int map, ReadOnlySpan<byte> name, Utf8Buffer output)
    {
        Next(map, output);
        Text(name, output);
    }

    public static void Name(ReadOnlySpan<char> name, Utf8Buffer output) => Text(name, output);

    public static void PropertyName(ReadOnlySpan<char> name, Utf8Buffer output) => Text(name.StartsWith('@') ? "@" : "", name, output);

    public static void Null(Utf8Buffer output) => output.WriteByte(MessagePackCode.Nil);

    public static void Bool(bool value, Utf8Buffer output) => output.WriteByte(value ? MessagePackCode.True : MessagePackCode.False);

    public static void Integer(long value, Utf8Buffer output)
    {
        switch (value)
        {
            case >= 0:
                Integer((ulong)value, output);
                break;
            case >= -32:
                output.WriteByte((byte)value);
                break;
            case >= sbyte.MinValue:
                Code(MessagePackCode.Int8, output);
                output.WriteByte((byte)value);
                break;
            case >= short.MinValue:
                Code(MessagePackCode.Int16, output);
                BinaryPrimitives.WriteInt16BigEndian(output.Take(sizeof(short)), (short)value);
                break;
            case >= int.MinValue:
                Code(MessagePackCode.Int32, output);
                BinaryPrimitives.WriteInt32BigEndian(output.Take(sizeof(int)), (int)value);
                break;
            default:
                Code(MessagePackCode.Int64, output);
                BinaryPrimitives.WriteInt64BigEndian(output.Take(sizeof(long)), value);
                break;
        }
    }

    public static void Integer(ulong value, Utf8Buffer output)
    {
        switch (value)
        {
            case <= MessagePackCode.LastPositiveFixInt:
                output.WriteByte((byte)value);
                break;
            case <= byte.MaxValue:
                Code(MessagePackCode.UInt8, output);
                output.WriteByte((byte)value);
                break;
            case <= ushort.MaxValue:
                Code(MessagePackCode.UInt16, output);
                BinaryPrimitives.WriteUInt16BigEndian(output.Take(sizeof(ushort)), (ushort)value);
                break;
            case <= uint.MaxValue:
                Code(MessagePackCode.UInt32, output);
                BinaryPrimitives.WriteUInt32BigEndian(output.Take(sizeof(uint)), (uint)value);
                break;
            default:
                Code(MessagePackCode.UInt64, output);
                BinaryPrimitives.WriteUInt64BigEndian(output.Take(sizeof(ulong)), value);
                break;
        }
    }

    public static void Double(double value, Utf8Buffer output)
    {
        Code(MessagePackCode.Float64, output);
        BinaryPrimitives.WriteDoubleBigEndian(output.Take(sizeof(double)), value);
    }

    public static void Single(float value, Utf8Buffer output)
    {
        Code(MessagePackCode.Float32, output);
        BinaryPrimitives.WriteSingleBigEndian(output.Take(sizeof(float)), value);
    }

    /// <summary>As a text, which keeps each digit: the format has no number for it.</summary>
    public static void Decimal(decimal value, Utf8Buffer output) => Text(value, default, output);

    public static void Text(ReadOnlySpan<char> value, Utf8Buffer output) => Text("", value, output);

    public static void Text(ReadOnlySpan<byte> value, Utf8Buffer output)
    {
        TextHeader(value.Length, output.Take(TextHeaderSize(value.Length)));
        output.Write(value);
    }

    public static void Text<T>(T value, ReadOnlySpan<char> format, Utf8Buffer output)
        where T : IUtf8SpanFormattable
    {
        int begin = output.Length;
        output.Take(1);
        output.Write(value, format);
        EndText(begin, 1, output);
    }

    public static void Hex(ReadOnlySpan<byte> value, Utf8Buffer output)
    {
        TextHeader(2 * value.Length, output.Take(TextHeaderSize(2 * value.Length)));
        output.WriteHex(value);
    }

    public static void Bytes(ReadOnlySpan<byte> value, Utf8Buffer output)
    {
        switch (value.Length)
        {
            case <= byte.MaxValue:
                Code(MessagePackCode.Bin8, output);
                output.WriteByte((byte)value.Length);
                break;
            case <= ushort.MaxValue:
                Code(MessagePackCode.Bin16, output);
                BinaryPrimitives.WriteUInt16BigEndian(output.Take(sizeof(ushort)), (ushort)value.Length);
                break;
            default:
                Code(MessagePackCode.Bin32, output);
                BinaryPrimitives.WriteInt32BigEndian(output.Take(sizeof(int)), value.Length);
                break;
        }

        output.Write(value);
    }

    /// <summary>The header has the room that a text of ASCII takes: no text has fewer bytes than characters, and the content of one that has many more is moved.</summary>
    private static void Text(ReadOnlySpan<char> first, ReadOnlySpan<char> second, Utf8Buffer output)
    {
        int begin = output.Length;
        int size = TextHeaderSize(first.Length + second.Length);
        output.Take(size);
        output.WriteText(first);
        output.WriteText(second);
        EndText(begin, size, output);
    }

    private static void EndText(int begin, int size, Utf8Buffer output)
    {
        int length = output.Length - begin - size;
        int needed = TextHeaderSize(length);
        if (needed != size)
        {
            output.OpenGap(begin + size, needed - size);
        }

        TextHeader(length, output.Rewrite(begin, needed));
    }

    private static int TextHeaderSize(int length) => length switch
    {
        <= MessagePackCode.LongestFixStr => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        _ => 5,
    };

    private static void TextHeader(int length, Span<byte> header)
    {
        switch (header.Length)
        {
            case 1:
                header[0] = (byte)(MessagePackCode.FixStr | length);
                break;
            case 2:
                header[0] = MessagePackCode.Str8;
                header[1] = (byte)length;
                break;
            case 3:
                header[0] = MessagePackCode.Str16;
                BinaryPrimitives.WriteUInt16BigEndian(header[1..], (ushort)length);
                break;
            default:
                header[0] = MessagePackCode.Str32;
                BinaryPrimitives.WriteInt32BigEndian(header[1..], length);
                break;
        }
    }

    private static void NextOfMany(int collection, byte code, Utf8Buffer output)
    {
        if (code is MessagePackCode.Map32 or MessagePackCode.Array32)
        {
            Span<byte> count = output.Rewrite(collection + 1, sizeof(uint));
            BinaryPrimitives.WriteUInt32BigEndian(count, checked(BinaryPrimitives.ReadUInt32BigEndian(count) + 1));
            return;
        }

        Span<byte> wide = output.Rewrite(collection + 1, sizeof(ushort));
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(wide);
        if (before < ushort.MaxValue)
        {
            BinaryPrimitives.WriteUInt16BigEndian(wide, (ushort)(before + 1));
            return;
        }

        output.OpenGap(collection + WideHeader, sizeof(ushort));
        output.Rewrite(collection, 1)[0] = code == MessagePackCode.Map16 ? MessagePackCode.Map32 : MessagePackCode.Array32;
        BinaryPrimitives.WriteUInt32BigEndian(output.Rewrite(collection + 1, sizeof(uint)), ushort.MaxValue + 1u);
    }

    private static int Code(byte code, Utf8Buffer output)
    {
        output.WriteByte(code);
        return output.Length - 1;
    }
}
