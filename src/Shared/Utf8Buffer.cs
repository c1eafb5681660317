using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Unicode;

namespace S3Journal.Adapters;

/// <summary>Growing UTF-8 bytes of one event. Each thread keeps one buffer between events.</summary>
internal sealed class Utf8Buffer
{
    /// <summary>A buffer that grew beyond this is not kept: one huge event must not pin its memory on every thread.</summary>
    internal const int MaxKeptBytes = 256 * 1024;

    private const int PieceChars = 4096;

    // Exactly what JSON demands: the quote, the backslash and the C0 controls.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    [ThreadStatic]
    private static Utf8Buffer? _idle;

    private byte[] _bytes = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public int Length => _length;

    /// <summary>What was written last; 0 before anything was.</summary>
    public byte Last => _length == 0 ? (byte)0 : _bytes[_length - 1];

    internal int Capacity => _bytes.Length;

    /// <summary>
    /// This thread's buffer, empty. It is taken out of its place while it is used: a property's <c>ToString</c> that logs
    /// comes back here on the same thread and must get another one.
    /// </summary>
    public static Utf8Buffer Rent()
    {
        Utf8Buffer buffer = _idle ?? new Utf8Buffer();
        _idle = null;
        buffer._length = 0;
        return buffer;
    }

    public static void Return(Utf8Buffer buffer)
    {
        if (buffer._bytes.Length <= MaxKeptBytes)
        {
            _idle = buffer;
        }
    }

    public void Clear() => _length = 0;

    /// <summary>Takes back what was written behind that length.</summary>
    public void Truncate(int length) => _length = Math.Min(_length, length);

    public void WriteByte(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    public void Write(ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(_bytes.AsSpan(_length));
        _length += utf8.Length;
    }

    /// <summary>Room for at least that many bytes; <see cref="Advance"/> counts those that were used as written.</summary>
    public Span<byte> GetSpan(int count)
    {
        Reserve(count);
        return _bytes.AsSpan(_length);
    }

    public void Advance(int count) => _length += count;

    /// <summary>Room for that many bytes, counted as written; its content is what was there before.</summary>
    public Span<byte> Take(int count)
    {
        Reserve(count);
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }

    /// <summary>Moves what is written from <paramref name="position"/> on, so that <paramref name="count"/> bytes more fit in front of it.</summary>
    public void OpenGap(int position, int count)
    {
        Reserve(count);
        _bytes.AsSpan(position, _length - position).CopyTo(_bytes.AsSpan(position + count));
        _length += count;
    }

    /// <summary>Bytes already written, to be changed.</summary>
    public Span<byte> Rewrite(int position, int count) => _bytes.AsSpan(0, _length).Slice(position, count);

    /// <summary>The invariant text of a value, as it stands: for numbers and for kinds whose text needs no escape.</summary>
    public void Write<T>(T value, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        Reserve(48);
        int written;
        while (!value.TryFormat(_bytes.AsSpan(_length), out written, format, CultureInfo.InvariantCulture))
        {
            Reserve(checked(2 * (_bytes.Length - _length)));
        }

        _length += written;
    }

    /// <summary>The same between quotes.</summary>
    public void WriteQuoted<T>(T value, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        WriteByte((byte)'"');
        Write(value, format);
        WriteByte((byte)'"');
    }

    public void WriteHex(ReadOnlySpan<byte> value)
    {
        Reserve(2 * value.Length);
        Convert.TryToHexStringLower(value, _bytes.AsSpan(_length), out int written);
        _length += written;
    }

    public void WriteBase64(ReadOnlySpan<byte> value) => Base64.EncodeToUtf8(value, Take(Base64.GetMaxEncodedToUtf8Length(value.Length)), out _, out _);

    /// <summary>A JSON string with its quotes. A lone surrogate becomes U+FFFD: UTF-8 has no way to write it.</summary>
    public void WriteJsonString(ReadOnlySpan<char> text)
    {
        if (text.Length <= PieceChars && text.IndexOfAny(Escaped) < 0)
        {
            // Most texts: one look at the room that there is.
            Span<byte> room = GetSpan((3 * text.Length) + 2);
            Utf8.FromUtf16(text, room[1..], out _, out int written);
            room[0] = (byte)'"';
            room[written + 1] = (byte)'"';
            Advance(written + 2);
            return;
        }

        WriteByte((byte)'"');
        WriteJsonText(text);
        WriteByte((byte)'"');
    }

    /// <summary>A JSON string's inside, without its quotes.</summary>
    public void WriteJsonText(ReadOnlySpan<char> text)
    {
        int escape;
        while ((escape = text.IndexOfAny(Escaped)) >= 0)
        {
            WriteText(text[..escape]);
            WriteEscape(text[escape]);
            text = text[(escape + 1)..];
        }

        WriteText(text);
    }

    /// <summary>Text as UTF-8, without any escape.</summary>
    public void WriteText(ReadOnlySpan<char> text)
    {
        // Piece by piece, so that a long ASCII text does not reserve three times its size.
        while (!text.IsEmpty)
        {
            int take = Math.Min(text.Length, PieceChars);
            Reserve(3 * take);
            Utf8.FromUtf16(text[..take], _bytes.AsSpan(_length), out int read, out int written, replaceInvalidSequences: true, isFinalBlock: take == text.Length);
            _length += written;
            text = text[read..];
        }
    }

    private void WriteEscape(char value)
    {
        ReadOnlySpan<byte> escape = value switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            '\b' => "\\b"u8,
            '\f' => "\\f"u8,
            _ => default,
        };

        if (escape.IsEmpty)
        {
            Write("\\u00"u8);
            WriteHex([(byte)value]);
            return;
        }

        Write(escape);
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Grow(count);
        }
    }

    private void Grow(int count)
    {
        long wanted = Math.Max(2L * _bytes.Length, (long)_length + count);
        Array.Resize(ref _bytes, checked((int)Math.Max(Math.Min(wanted, Array.MaxLength), (long)_length + count)));
    }
}
