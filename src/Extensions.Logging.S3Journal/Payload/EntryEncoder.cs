using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>Turns entries into payloads of one encoding. Safe for concurrent use.</summary>
internal abstract class EntryEncoder
{
    public const int MaxNameChars = 256;

    private static readonly EntryEncoder _json = new FormatEncoder<JsonEntryFormat>();
    private static readonly EntryEncoder _messagePack = new FormatEncoder<MessagePackEntryFormat>();

    public static EntryEncoder Of(EntryEncoding encoding) => encoding == EntryEncoding.MessagePack ? _messagePack : _json;

    /// <summary>Appends the entry; of one larger than <paramref name="maxBytes"/>, which the journal will not take, only so much that it is seen to be larger.</summary>
    public abstract void Encode(in EntryFacts facts, EntryValues values, int maxBytes, Utf8Buffer output);

    /// <summary>What is stored of an entry too large for the journal: time, level, origin, small values, the first 8 KiB of its message and exception, and <c>truncated</c>.</summary>
    public abstract void EncodeStandIn(in EntryFacts facts, EntryValues values, string message, Utf8Buffer output);
}
