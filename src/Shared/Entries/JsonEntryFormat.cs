using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>Entries as JSON. A map or array is known by the place behind its bracket, where only its first member has no comma.</summary>
internal readonly struct JsonEntryFormat : IEntryFormat
{
    public static EntryEncoding Encoding => EntryEncoding.Json;

    public static int BeginMap(Utf8Buffer output)
    {
        output.WriteByte((byte)'{');
        return output.Length;
    }

    public static void EndMap(Utf8Buffer output) => output.WriteByte((byte)'}');

    public static int BeginArray(Utf8Buffer output)
    {
        output.WriteByte((byte)'[');
        return output.Length;
    }

    public static void EndArray(Utf8Buffer output) => output.WriteByte((byte)']');

    public static int Next(int collection, Utf8Buffer output)
    {
        int begin = output.Length;
        if (begin != collection)
        {
            output.WriteByte((byte)',');
        }

        return begin;
    }

    public static void TakeBack(int collection, int begin, Utf8Buffer output) => output.Truncate(begin);

    public static void Member(int map, ReadOnlySpan<byte> name, Utf8Buffer output)
    {
        Next(map, output);
        Span<byte> bytes = output.Take(name.Length + 3);
        bytes[0] = (byte)'"';
        name.CopyTo(bytes[1..]);
        bytes[^2] = (byte)'"';
        bytes[^1] = (byte)':';
    }

    public static void Name(ReadOnlySpan<char> name, Utf8Buffer output)
    {
        output.WriteJsonString(name);
        output.WriteByte((byte)':');
    }

    public static void PropertyName(ReadOnlySpan<char> name, Utf8Buffer output)
    {
        if (!name.StartsWith('@'))
        {
            Name(name, output);
            return;
        }

        output.Write("\"@"u8);
        output.WriteJsonText(name);
        output.Write("\":"u8);
    }

    public static void Null(Utf8Buffer output) => output.Write("null"u8);

    public static void Bool(bool value, Utf8Buffer output) => output.Write(value ? "true"u8 : "false"u8);

    public static void Integer(long value, Utf8Buffer output) => output.Write(value);

    public static void Integer(ulong value, Utf8Buffer output) => output.Write(value);

    public static void Double(double value, Utf8Buffer output) => JsonScalar.WriteFloating(value, output);

    public static void Single(float value, Utf8Buffer output) => JsonScalar.WriteFloating(value, output);

    public static void Decimal(decimal value, Utf8Buffer output) => output.Write(value);

    public static void Text(ReadOnlySpan<char> value, Utf8Buffer output) => output.WriteJsonString(value);

    public static void Text(ReadOnlySpan<byte> value, Utf8Buffer output)
    {
        output.WriteByte((byte)'"');
        output.Write(value);
        output.WriteByte((byte)'"');
    }

    public static void Text<T>(T value, ReadOnlySpan<char> format, Utf8Buffer output)
        where T : IUtf8SpanFormattable => output.WriteQuoted(value, format);

    public static void Hex(ReadOnlySpan<byte> value, Utf8Buffer output)
    {
        output.WriteByte((byte)'"');
        output.WriteHex(value);
        output.WriteByte((byte)'"');
    }

    public static void Bytes(ReadOnlySpan<byte> value, Utf8Buffer output)
    {
        output.WriteByte((byte)'"');
        output.WriteBase64(value);
        output.WriteByte((byte)'"');
    }
}
