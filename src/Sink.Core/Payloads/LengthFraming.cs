using System.Buffers;
using System.Buffers.Binary;

namespace Sink.Core.Payloads;

/// <summary>
/// Before each entry its length, i32 big-endian. For bytes of any kind; what a stream holds whose definition was lost is kept so.
/// </summary>
internal sealed class LengthFraming(string encoding) : Framing
{
    public const string FramingName = "length";

    /// <summary>What is not known to be anything.</summary>
    public const string UnknownEncoding = "unknown";

    private const int PrefixBytes = sizeof(int);

    public override string Name => FramingName;

    public override string Suffix => encoding == UnknownEncoding ? ".bin" : ".length" + SuffixOf(encoding);

    public override string ContentType => "application/octet-stream";

    public override void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isFirst)
    {
        Span<byte> frame = output.GetSpan(PrefixBytes + payload.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        payload.CopyTo(frame[PrefixBytes..]);
        output.Advance(PrefixBytes + payload.Length);
    }

    public override EntrySplitter CreateSplitter() => new Splitter();

    private sealed class Splitter : EntrySplitter
    {
        public override bool TrySplit(ReadOnlySpan<byte> bytes, out Range entry, out int consumed)
        {
            entry = default;
            consumed = 0;
            if (bytes.Length < PrefixBytes)
            {
                return false;
            }

            int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
            if (length < 0)
            {
                throw new InvalidDataException($"An entry cannot have {length} bytes.");
            }

            if (bytes.Length - PrefixBytes < length)
            {
                return false;
            }

            consumed = PrefixBytes + length;
            entry = PrefixBytes..consumed;
            return true;
        }
    }
}
