using System.Buffers;
using System.Text;

namespace Sink.Core.Payloads;

/// <summary>
/// A delimiter of the stream's choice after every entry, or between two. Entries are written as they are: one that holds the delimiter a reader takes for two, and finds by the count in the metadata that it did.
/// </summary>
internal sealed class DelimitedFraming(string encoding, string delimiter, bool isBetween) : Framing
{
    public const string DelimitedName = "delimited";
    public const string SeparatedName = "separated";

    /// <summary>Longest delimiter.</summary>
    public const int MostBytes = 16;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _delimiter = _strict.GetBytes(delimiter);

    public override string Name => isBetween ? SeparatedName : DelimitedName;

    public override string Suffix => "." + Name + SuffixOf(encoding);

    public override string ContentType => encoding == "text" ? "text/plain; charset=utf-8" : "application/octet-stream";

    public override string? Delimiter => delimiter;

    public override ReadOnlySpan<byte> Between => isBetween ? _delimiter : default;

    /// <summary>Whether the text can be one: not empty, not too long in UTF-8, no half of a surrogate pair.</summary>
    public static bool IsDelimiter(string text) => text.Length <= MostBytes && !HasHalf(text) && IsDelimiter(_strict.GetBytes(text));

    public static bool IsDelimiter(ReadOnlySpan<byte> bytes) => bytes.Length is > 0 and <= MostBytes;

    public override void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isFirst)
    {
        if (isBetween && !isFirst)
        {
            output.Write(_delimiter);
        }

        output.Write(payload);
        if (!isBetween)
        {
            output.Write(_delimiter);
        }
    }

    /// <summary>It must hold no delimiter, nor the beginning of one that the delimiter behind it completes: "xa" before "aa".</summary>
    public override bool IsTold(ReadOnlySpan<byte> payload)
    {
        if (payload.IndexOf(_delimiter) >= 0)
        {
            return false;
        }

        int overlap = Math.Min(payload.Length, _delimiter.Length - 1);
        Span<byte> joint = stackalloc byte[2 * MostBytes];
        payload[^overlap..].CopyTo(joint);
        _delimiter.CopyTo(joint[overlap..]);
        return joint[..(overlap + _delimiter.Length)].IndexOf(_delimiter) == overlap;
    }

    public override EntrySplitter CreateSplitter() => new Splitter(_delimiter, isBetween);

    private static bool HasHalf(string text)
    {
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != OperationStatus.Done)
            {
                return true;
            }

            rest = rest[length..];
        }

        return false;
    }

    private sealed class Splitter(byte[] delimiter, bool isBetween) : EntrySplitter
    {
        public override bool TrySplit(ReadOnlySpan<byte> bytes, out Range entry, out int consumed)
        {
            int length = bytes.IndexOf(delimiter);
            entry = length < 0 ? default : ..length;
            consumed = length < 0 ? 0 : length + delimiter.Length;
            return length >= 0;
        }

        public override bool EndsEntry => isBetween;
    }
}
