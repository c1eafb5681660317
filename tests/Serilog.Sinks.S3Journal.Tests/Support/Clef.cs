using System.Text;
using System.Text.Json;
using Serilog.Events;
using Serilog.Sinks.S3Journal.Payload;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Support;

/// <summary>What the encoder makes of an event.</summary>
internal static class Clef
{
    public static byte[] Encode(LogEvent logEvent, EntryEncoding encoding = EntryEncoding.Json) => Encode(ClefEncoder.Of(encoding), logEvent);

    public static byte[] Encode(EventEncoder encoder, LogEvent logEvent)
    {
        Utf8Buffer buffer = Utf8Buffer.Rent();
        encoder.Encode(logEvent, buffer);
        byte[] bytes = buffer.Written.ToArray();
        Utf8Buffer.Return(buffer);
        return bytes;
    }

    public static string Text(LogEvent logEvent) => Encoding.UTF8.GetString(Encode(logEvent));

    public static JsonElement Parse(LogEvent logEvent, EntryEncoding encoding)
        => JsonDocument.Parse(encoding == EntryEncoding.MessagePack ? MessagePackText.Of(Encode(logEvent, encoding)) : Text(logEvent)).RootElement;
}
