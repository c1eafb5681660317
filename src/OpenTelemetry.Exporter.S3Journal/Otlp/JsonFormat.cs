namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>OTLP's JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): ids in hexadecimal, enumerations as numbers, 64-bit integers as texts.</summary>
internal readonly struct JsonFormat : IOtlpFormat
{
    public static void BeginEntry(Utf8Buffer output) => output.WriteByte((byte)'{');

    public static void EndEntry(Utf8Buffer output) => output.WriteByte((byte)'}');

    public static int BeginMessage(OtlpField field, Utf8Buffer output)
    {
        int begin = Name(field, output);
        output.WriteByte((byte)'{');
        return begin;
    }

    public static void EndMessage(int begin, Utf8Buffer output) => output.WriteByte((byte)'}');

    public static int BeginList(OtlpField field, Utf8Buffer output)
    {
        int begin = Name(field, output);
        output.WriteByte((byte)'[');
        return begin;
    }

    public static void EndList(int begin, Utf8Buffer output)
    {
        if (output.Last == '[')
        {
            output.Truncate(begin);
        }
        else
        {
            output.WriteByte((byte)']');
        }
    }

    public static int BeginElement(OtlpField field, Utf8Buffer output)
    {
        int begin = output.Length;
        output.Write(IsFirst(output) ? "{"u8 : ",{"u8);
        return begin;
    }

    public static void Text(OtlpField field, ReadOnlySpan<char> value, Utf8Buffer output)
    {
        Name(field, output);
        output.WriteJsonString(value);
    }

    public static void Bool(OtlpField field, bool value, Utf8Buffer output)
    {
        Name(field, output);
        output.Write(value ? "true"u8 : "false"u8);
    }

    public static void Integer(OtlpField field, long value, Utf8Buffer output)
    {
        Name(field, output);
        output.WriteQuoted(value);
    }

    public static void Double(OtlpField field, double value, Utf8Buffer output)
    {
        Name(field, output);
        JsonScalar.WriteFloating(value, output);
    }

    public static void Bytes(OtlpField field, ReadOnlySpan<byte> value, Utf8Buffer output)
    {
        Name(field, output);
        output.WriteByte((byte)'"');
        output.WriteBase64(value);
        output.WriteByte((byte)'"');
    }

    public static void Count(OtlpField field, uint value, Utf8Buffer output)
    {
        Name(field, output);
        output.Write(value);
    }

    public static void Flags(OtlpField field, uint value, Utf8Buffer output) => Count(field, value, output);

    public static void Time(OtlpField field, ulong value, Utf8Buffer output)
    {
        Name(field, output);
        output.WriteQuoted(value);
    }

    public static void Id(OtlpField field, ReadOnlySpan<byte> value, Utf8Buffer output)
    {
        Name(field, output);
        output.WriteByte((byte)'"');
        output.WriteHex(value);
        output.WriteByte((byte)'"');
    }

    /// <summary>A value never ends in an opening bracket - a text ends in its quote - so the last byte tells whether one stands in front.</summary>
    private static bool IsFirst(Utf8Buffer output) => output.Last is (byte)'{' or (byte)'[' or 0;

    private static int Name(OtlpField field, Utf8Buffer output)
    {
        int begin = output.Length;
        int comma = IsFirst(output) ? 0 : 1;
        Span<byte> bytes = output.Take(comma + field.Name.Length);
        bytes[0] = (byte)',';
        field.Name.CopyTo(bytes[comma..]);
        return begin;
    }
}
