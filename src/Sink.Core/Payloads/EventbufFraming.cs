using System.Buffers;
using System.Security.Cryptography;

namespace Sink.Core.Payloads;

/// <summary>Events in eventbuf-v2, one after the other. An entry is a whole event; one that is none would make all behind it unreadable, and is put in as an event that holds its bytes.</summary>
internal sealed class EventbufFraming : Framing
{
    public const string FramingName = "eventbuf-v2";

    /// <summary>Name of the encoding: an entry is what the framing says.</summary>
    public const string Encoding = "eventbuf-v2";

    public static readonly EventbufFraming Instance = new();

    private EventbufFraming()
    {
    }

    public override string Name => FramingName;

    public override string Suffix => ".eventbuf";

    public override string ContentType => "application/eventbuf-v2";

    public override void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isFirst)
    {
        if (IsEvent(payload))
        {
            output.Write(payload);
            return;
        }

        // Keys are distinct: the same bytes twice are the same event twice.
        string hash = Convert.ToHexStringLower(SHA1.HashData(payload));
        byte[] value = [.. "{\"base64\":\""u8, .. System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(payload)), .. "\"}"u8];
        Eventbuf.Write(output, System.Text.Encoding.ASCII.GetBytes($"[\"invalid\",\"{hash}\"]"), "\"invalid\""u8, value, DateTimeOffset.UnixEpoch);
    }

    public override EntrySplitter CreateSplitter() => new Splitter();

    private static bool IsEvent(ReadOnlySpan<byte> payload)
    {
        try
        {
            return !payload.IsEmpty && EventbufScan.LengthOfEvent(payload) == payload.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private sealed class Splitter : EntrySplitter
    {
        public override bool TrySplit(ReadOnlySpan<byte> bytes, out Range entry, out int consumed)
        {
            consumed = EventbufScan.LengthOfEvent(bytes);
            entry = ..consumed;
            return consumed > 0;
        }
    }
}
