using Sink.Core;

namespace Serilog.Sinks.S3Journal.Payload;

/// <summary>The encoders of Compact Log Event Format, one for each encoding.</summary>
internal static class ClefEncoder
{
    private static readonly EventEncoder _json = new ClefEncoder<JsonEntryFormat>();
    private static readonly EventEncoder _messagePack = new ClefEncoder<MessagePackEntryFormat>();

    public static EventEncoder Of(EntryEncoding encoding) => encoding == EntryEncoding.MessagePack ? _messagePack : _json;
}
