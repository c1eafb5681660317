using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sink.Core.Delivery;

/// <summary>The name of a stream, with its UTF-8 bytes. Names differ when their bytes do.</summary>
internal sealed class StreamName
{
    public const int MaxBytes = 256;

    /// <summary>A segment is a directory in a <c>file://</c> destination.</summary>
    public const int MaxSegmentBytes = 255;

    /// <summary>The share of the metadata document that a name may take, in ASCII characters after JSON escaping: 85 characters outside ASCII.</summary>
    public const int MaxEscapedLength = 512;

    public const int MaxValueLength = 64;

    private const int HashHexLength = 16;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Unescaped =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    private readonly byte[] _utf8;

    /// <exception cref="ArgumentException">The name is not usable; the message says why.</exception>
    public StreamName(string name)
    {
        if (Validate(name) is { } reason)
        {
            throw new ArgumentException($"The stream name {reason}.", nameof(name));
        }

        Name = name;
        _utf8 = StrictUtf8.GetBytes(name);
    }

    public string Name { get; }

    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>Why the text cannot be a stream's name, as the rest of a sentence; null when it can.</summary>
    public static string? Validate(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
        {
            return "is empty";
        }

        if (name.Contains('\\'))
        {
            return "holds a backslash; write '/' between its segments";
        }

        if (name.Any(char.IsControl))
        {
            return "holds a control character";
        }

        if (name.AsSpan().ContainsAny('\uFFFE', '\uFFFF'))
        {
            // XML has neither: with one such key in a bucket, no page of its listing could be read.
            return "holds U+FFFE or U+FFFF, which are no characters";
        }

        foreach (string segment in name.Split('/'))
        {
            if (segment.Length == 0)
            {
                return "has an empty segment; write no '/' at either end and no two together";
            }

            if (segment[0] == '.')
            {
                return $"has the segment \"{segment}\"; one that begins with a dot is hidden from file listings and query engines";
            }

            if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
            {
                return $"has a segment of more than {MaxSegmentBytes} bytes of UTF-8, which no file system takes";
            }
        }

        return ValidateLength(name);
    }

    /// <summary>
    /// A value from an event as a part of a stream's name: percent-encoded outside <c>[A-Za-z0-9_.-]</c>, and cut with a
    /// hash above <see cref="MaxValueLength"/>. Two values never give one text (of the cut ones: short of a collision of 64
    /// bits of SHA-256), so two users never share a stream.
    /// </summary>
    public static string EncodeValue(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            // A '%' without two digits comes from no other value.
            return "%";
        }

        if (value.Length <= MaxValueLength && value[0] is not ('.' or '_') && !value.ContainsAnyExcept(Unescaped))
        {
            return value.ToString();
        }

        byte[] bytes = ToBytes(value);
        var text = new StringBuilder(MaxValueLength);
        bool isLeading = true;
        foreach (byte b in bytes)
        {
            // A byte is three characters at most: from here on nothing more can be of use.
            if (text.Length > MaxValueLength)
            {
                break;
            }

            // Dots at the beginning would hide the segment, or lead out of it; so would '_' from query engines, and "_" stands
            // for a value that is missing. Escaped, they come from no other value.
            isLeading &= b is (byte)'.' or (byte)'_';
            AppendEscaped(text, b, isLeading);
        }

        return text.Length <= MaxValueLength ? text.ToString() : Cut(text, bytes);
    }

    private static string? ValidateLength(string name)
    {
        int bytes;
        try
        {
            bytes = StrictUtf8.GetByteCount(name);
        }
        catch (EncoderFallbackException)
        {
            return "holds half of a character (a lone surrogate)";
        }

        if (bytes > MaxBytes)
        {
            return $"is {bytes} bytes of UTF-8; at most {MaxBytes} are possible";
        }

        int escaped = JsonEncodedText.Encode(name).EncodedUtf8Bytes.Length;
        return escaped > MaxEscapedLength
            ? $"takes {escaped} characters once escaped for an object's metadata; at most {MaxEscapedLength} are possible, so use fewer characters outside ASCII"
            : null;
    }

    private static void AppendEscaped(StringBuilder text, byte b, bool always)
    {
        if (!always && b < 0x80 && Unescaped.Contains((char)b))
        {
            text.Append((char)b);
        }
        else
        {
            text.Append('%').Append("0123456789ABCDEF"[b >> 4]).Append("0123456789ABCDEF"[b & 15]);
        }
    }

    private static string Cut(StringBuilder text, byte[] bytes)
    {
        int length = MaxValueLength - HashHexLength - 1;
        for (int back = 1; back <= 2; back++)
        {
            // An escape is kept whole, or a reader that decodes the text stumbles.
            if (text[length - back] == '%')
            {
                length -= back;
                break;
            }
        }

        // '~' is always escaped, so a cut text never equals a whole one.
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, HashHexLength / 2));
        return text.ToString(0, length) + "~" + hash;
    }

    /// <summary>UTF-8, with a lone surrogate in its own three bytes (WTF-8): the replacement character would give many values one text.</summary>
    private static byte[] ToBytes(ReadOnlySpan<char> value)
    {
        byte[] bytes = new byte[value.Length * 3];
        int count = 0;
        for (int i = 0; i < value.Length; i++)
        {
            if (Rune.DecodeFromUtf16(value[i..], out Rune rune, out int consumed) == OperationStatus.Done)
            {
                count += rune.EncodeToUtf8(bytes.AsSpan(count));
                i += consumed - 1;
            }
            else
            {
                int unit = value[i];
                bytes[count++] = (byte)(0xE0 | (unit >> 12));
                bytes[count++] = (byte)(0x80 | ((unit >> 6) & 0x3F));
                bytes[count++] = (byte)(0x80 | (unit & 0x3F));
            }
        }

        Array.Resize(ref bytes, count);
        return bytes;
    }
}
