namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>
/// One of OTLP's two encodings. It keeps nothing between calls: a message is begun and ended with the position that its beginning gave, so whatever
/// was written since a position can be taken back by <see cref="Utf8Buffer.Truncate"/>. Implemented by structs, for the code that writes a record is then compiled for each.
/// </summary>
internal interface IOtlpFormat
{
    /// <summary>The entry itself: a message without a field in front.</summary>
    static abstract void BeginEntry(Utf8Buffer output);

    static abstract void EndEntry(Utf8Buffer output);

    /// <summary>A message as a field of another.</summary>
    static abstract int BeginMessage(OtlpField field, Utf8Buffer output);

    static abstract void EndMessage(int begin, Utf8Buffer output);

    /// <summary>A field that may come any number of times. Nothing of it is left when it ends without an element.</summary>
    static abstract int BeginList(OtlpField field, Utf8Buffer output);

    static abstract void EndList(int begin, Utf8Buffer output);

    /// <summary>A message in a list; it ends as any message.</summary>
    static abstract int BeginElement(OtlpField field, Utf8Buffer output);

    static abstract void Text(OtlpField field, ReadOnlySpan<char> value, Utf8Buffer output);

    static abstract void Bool(OtlpField field, bool value, Utf8Buffer output);

    /// <summary>int64.</summary>
    static abstract void Integer(OtlpField field, long value, Utf8Buffer output);

    static abstract void Double(OtlpField field, double value, Utf8Buffer output);

    static abstract void Bytes(OtlpField field, ReadOnlySpan<byte> value, Utf8Buffer output);

    /// <summary>uint32, and enumerations, which JSON writes as numbers too.</summary>
    static abstract void Count(OtlpField field, uint value, Utf8Buffer output);

    /// <summary>fixed32.</summary>
    static abstract void Flags(OtlpField field, uint value, Utf8Buffer output);

    /// <summary>fixed64: nanoseconds since 1970.</summary>
    static abstract void Time(OtlpField field, ulong value, Utf8Buffer output);

    /// <summary>A trace's or span's id: bytes, but in JSON hexadecimal digits.</summary>
    static abstract void Id(OtlpField field, ReadOnlySpan<byte> value, Utf8Buffer output);
}
