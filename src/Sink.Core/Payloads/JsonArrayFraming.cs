using System.Buffers;

namespace Sink.Core.Payloads;

/// <summary>One JSON array an object. Its brackets, and the commas between compressed frames, are frames of their own: an object is an array whatever it lost.</summary>
internal sealed class JsonArrayFraming(string encoding) : Framing
{
    public const string FramingName = "json-array";

    public override string Name => FramingName;

    public override string Suffix => encoding == JsonEntry.Encoding ? ".json" : SuffixOf(encoding) + ".json";

    public override string ContentType => "application/json";

    public override ReadOnlySpan<byte> ObjectPrefix => "["u8;

    public override ReadOnlySpan<byte> Between => ","u8;

    public override ReadOnlySpan<byte> ObjectSuffix => "]"u8;

    public override void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isFirst)
    {
        output.Write(isFirst ? ""u8 : ","u8);
        JsonEntry.Write(output, payload);
    }

    public override EntrySplitter CreateSplitter() => new Splitter();

    private sealed class Splitter : EntrySplitter
    {
        private bool _hasBegun;

        public override bool TrySplit(ReadOnlySpan<byte> bytes, out Range entry, out int consumed)
        {
            entry = default;
            consumed = 0;
            int at = JsonScan.LengthOfSpace(bytes);
            if (at == bytes.Length)
            {
                return false;
            }

            bool isClosed = _hasBegun && bytes[at] == (byte)']';
            if (!isClosed)
            {
                Expect(bytes[at], _hasBegun ? (byte)',' : (byte)'[');
                at++;
                at += JsonScan.LengthOfSpace(bytes[at..]);
                isClosed = !_hasBegun && at < bytes.Length && bytes[at] == (byte)']';
            }

            if (isClosed)
            {
                int behind = at + 1 + JsonScan.LengthOfSpace(bytes[(at + 1)..]);
                return behind < bytes.Length ? throw new InvalidDataException("Bytes follow the end of the array.") : false;
            }

            int length = JsonScan.LengthOfValue(bytes[at..]);
            if (length == 0)
            {
                return false;
            }

            _hasBegun = true;
            consumed = at + length;
            entry = at..consumed;
            return true;
        }

        public override bool IsEnd(ReadOnlySpan<byte> rest)
        {
            ReadOnlySpan<byte> end = rest.Trim(" \t\r\n"u8);
            return _hasBegun
                ? end.SequenceEqual("]"u8)
                : end is [(byte)'[', .. var inside, (byte)']'] && JsonScan.LengthOfSpace(inside) == inside.Length;
        }

        private static void Expect(byte found, byte expected)
        {
            if (found != expected)
            {
                throw new InvalidDataException($"There is the byte {found:x2} where a '{(char)expected}' must be.");
            }
        }
    }
}
