using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>
/// One of an entry's encodings. It keeps nothing between calls: a map or array is known by what its beginning gave, and what was written since it began can be taken back by
/// <see cref="Utf8Buffer.Truncate"/>. Implemented by structs, for the code that writes an entry is then compiled for each.
/// </summary>
internal interface IEntryFormat
{
    static abstract EntryEncoding Encoding { get; }

    static abstract int BeginMap(Utf8Buffer output);

    static abstract void EndMap(Utf8Buffer output);

    static abstract int BeginArray(Utf8Buffer output);

    static abstract void EndArray(Utf8Buffer output);

    /// <summary>In front of each element, and of each member's name; no map or array inside of this one may be open.</summary>
    /// <returns>Where it begins, for <see cref="TakeBack"/>.</returns>
    static abstract int Next(int collection, Utf8Buffer output);

    /// <summary>Takes back the last element or member.</summary>
    static abstract void TakeBack(int collection, int begin, Utf8Buffer output);

    /// <summary>The next member, with a name of ours: ASCII that needs no escape.</summary>
    static abstract void Member(int map, ReadOnlySpan<byte> name, Utf8Buffer output);

    /// <summary>A name as it stands, behind <see cref="Next"/>.</summary>
    static abstract void Name(ReadOnlySpan<char> name, Utf8Buffer output);

    /// <summary>The name of a value of the program's, behind <see cref="Next"/>: a first '@' is doubled, for names with a single one are the entry's own (https://clef-json.org).</summary>
    static abstract void PropertyName(ReadOnlySpan<char> name, Utf8Buffer output);

    static abstract void Null(Utf8Buffer output);

    static abstract void Bool(bool value, Utf8Buffer output);

    static abstract void Integer(long value, Utf8Buffer output);

    static abstract void Integer(ulong value, Utf8Buffer output);

    static abstract void Double(double value, Utf8Buffer output);

    static abstract void Single(float value, Utf8Buffer output);

    static abstract void Decimal(decimal value, Utf8Buffer output);

    /// <summary>A lone surrogate becomes U+FFFD: UTF-8 has no way to write it.</summary>
    static abstract void Text(ReadOnlySpan<char> value, Utf8Buffer output);

    /// <summary>ASCII that needs no escape.</summary>
    static abstract void Text(ReadOnlySpan<byte> value, Utf8Buffer output);

    /// <summary>The invariant text of a value of a kind whose text needs no escape: times, ids.</summary>
    static abstract void Text<T>(T value, ReadOnlySpan<char> format, Utf8Buffer output)
        where T : IUtf8SpanFormattable;

    /// <summary>Hexadecimal digits.</summary>
    static abstract void Hex(ReadOnlySpan<byte> value, Utf8Buffer output);

    static abstract void Bytes(ReadOnlySpan<byte> value, Utf8Buffer output);
}
