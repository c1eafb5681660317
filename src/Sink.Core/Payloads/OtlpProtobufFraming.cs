using System.Buffers;

namespace Sink.Core.Payloads;

/// <summary>
/// OTLP as protobuf. A compressed frame is one LogsData or TracesData with one resource; messages one after the other are one message (protobuf's encoding guide, "Last One Wins"), so
/// that an object is one too. An entry is a serialized ScopeLogs or ScopeSpans, the header the fields beside them.
/// </summary>
internal sealed class OtlpProtobufFraming(OtlpSignal signal) : Framing
{
    public const string FramingName = "otlp-binpb";

    // (field << 3) | wire type 2: LogsData.resource_logs and ResourceLogs.resource are field 1, .scope_logs field 2, .schema_url field 3.
    private const byte Resources = 0x0A;
    private const byte Resource = 0x0A;
    private const byte Scopes = 0x12;
    private const byte SchemaUrl = 0x1A;

    /// <summary>A length with its leading zeroes, as it stands where it is not yet known.</summary>
    private const int ReservedBytes = 5;

    public override string Name => FramingName;

    public override string Suffix => ".binpb";

    public override string ContentType => "application/x-protobuf";

    public override string NamePrefix => signal.NamePrefix;

    public override void Open(IBufferWriter<byte> output, ReadOnlySpan<byte> header)
    {
        Span<byte> start = output.GetSpan(1 + ReservedBytes);
        start[0] = Resources;
        output.Advance(1 + ReservedBytes);
        output.Write(header);
    }

    public override void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isFirst)
    {
        Span<byte> field = output.GetSpan(1 + ReservedBytes + payload.Length);
        field[0] = Scopes;
        int at = 1;
        uint length = (uint)payload.Length;
        for (; length >= 0x80; length >>= 7)
        {
            field[at++] = (byte)(length | 0x80);
        }

        field[at++] = (byte)length;
        payload.CopyTo(field[at..]);
        output.Advance(at + payload.Length);
    }

    public override void Close(IBufferWriter<byte> output, Span<byte> written)
    {
        uint length = (uint)(written.Length - 1 - ReservedBytes);
        for (int i = 1; i < ReservedBytes; i++)
        {
            written[i] = (byte)(length | 0x80);
            length >>= 7;
        }

        written[ReservedBytes] = (byte)length;
    }

    public override EntrySplitter CreateSplitter() => new Splitter();

    private sealed class Splitter : EntrySplitter
    {
        /// <summary>Bytes of the current resource that are not read yet.</summary>
        private long _left;

        public override bool TrySplit(ReadOnlySpan<byte> bytes, out Range entry, out int consumed)
        {
            entry = default;
            consumed = 0;
            long left = _left;
            int at = 0;
            while (TryReadField(bytes[at..], out byte tag, out int start, out int length))
            {
                if (left == 0)
                {
                    Expect(tag == Resources, tag);
                    at += start;
                    left = length;
                    continue;
                }

                Expect(tag is Resource or Scopes or SchemaUrl, tag);
                left -= start + (long)length;
                if (left < 0)
                {
                    throw new InvalidDataException("A field is longer than the message around it.");
                }

                if (bytes.Length - at - start < length)
                {
                    return false;
                }

                at += start + length;
                if (tag == Scopes)
                {
                    entry = (at - length)..at;
                    consumed = at;
                    _left = left;
                    return true;
                }
            }

            return false;
        }

        public override bool IsEnd(ReadOnlySpan<byte> rest) => rest.IsEmpty && _left == 0;

        private static void Expect(bool isKnown, byte tag)
        {
            if (!isKnown)
            {
                throw new InvalidDataException($"A field begins with the byte {tag:x2}, which none of ours does.");
            }
        }

        private static bool TryReadField(ReadOnlySpan<byte> bytes, out byte tag, out int start, out int length)
        {
            tag = bytes.IsEmpty ? (byte)0 : bytes[0];
            start = 1;
            length = 0;
            for (int shift = 0; start < bytes.Length; shift += 7)
            {
                byte next = bytes[start++];
                if (shift > 28 || (shift == 28 && next > 7))
                {
                    throw new InvalidDataException("A length has more bits than 31.");
                }

                length |= (next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
