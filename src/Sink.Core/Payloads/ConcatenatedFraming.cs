using System.Buffers;
using System.Buffers.Binary;

namespace Sink.Core.Payloads;

/// <summary>
/// Entries one after the other. MessagePack and JSON say themselves where they end; of those an entry that is not one value would make all behind it unreadable, and is put in as
/// one that holds its bytes. Entries of other encodings are written as they are, and readers get the object's bytes.
/// </summary>
internal sealed class ConcatenatedFraming(string encoding) : Framing
{
    public const string FramingName = "concatenated";

    private const byte Bin8 = 0xC4;
    private const byte Bin16 = 0xC5;
    private const byte Bin32 = 0xC6;

    private readonly bool _isJson = encoding == JsonEntry.Encoding;
    private readonly bool _isMessagePack = encoding == MessagePackScan.Encoding;

    public override string Name => FramingName;

    public override string Suffix => _isMessagePack ? ".msgpack" : ".concat" + SuffixOf(encoding);

    public override string ContentType => _isMessagePack ? "application/vnd.msgpack" : "application/octet-stream";

    public override bool CanSplit => _isJson || _isMessagePack;

    public override void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isFirst)
    {
        if (_isJson)
        {
            JsonEntry.Write(output, payload);

            // Numbers and words do not say where they end: 1 and 2 would be 12.
            bool isClosed = payload.Trim(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..];
            output.Write(isClosed ? ""u8 : " "u8);
            return;
        }

        if (_isMessagePack && !IsOneValue(payload))
        {
            WriteBinHead(output, payload.Length);
        }

        output.Write(payload);
    }

    public override EntrySplitter CreateSplitter() =>
        _isJson ? new JsonSplitter() : _isMessagePack ? new MessagePackSplitter() : throw new InvalidOperationException($"Nothing says where an entry of {encoding} ends.");

    private static bool IsOneValue(ReadOnlySpan<byte> payload)
    {
        try
        {
            return !payload.IsEmpty && MessagePackScan.LengthOfValue(payload) == payload.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static void WriteBinHead(IBufferWriter<byte> output, int length)
    {
        Span<byte> head = output.GetSpan(5);
        switch (length)
        {
            case <= byte.MaxValue:
                head[0] = Bin8;
                head[1] = (byte)length;
                output.Advance(2);
                break;
            case <= ushort.MaxValue:
                head[0] = Bin16;
                BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)length);
                output.Advance(3);
                break;
            default:
                head[0] = Bin32;
                BinaryPrimitives.WriteInt32BigEndian(head[1..], length);
                output.Advance(5);
                break;
        }
    }

    private sealed class JsonSplitter : EntrySplitter
    {
        public override bool TrySplit(ReadOnlySpan<byte> bytes, out Range entry, out int consumed)
        {
            int at = JsonScan.LengthOfSpace(bytes);
            int length = JsonScan.LengthOfValue(bytes[at..]);
            entry = at..(at + length);
            consumed = length == 0 ? 0 : at + length;
            return length > 0;
        }

        public override bool IsEnd(ReadOnlySpan<byte> rest) => JsonScan.LengthOfSpace(rest) == rest.Length;
    }

    private sealed class MessagePackSplitter : EntrySplitter
    {
        public override bool TrySplit(ReadOnlySpan<byte> bytes, out Range entry, out int consumed)
        {
            consumed = MessagePackScan.LengthOfValue(bytes);
            entry = ..consumed;
            return consumed > 0;
        }
    }
}
