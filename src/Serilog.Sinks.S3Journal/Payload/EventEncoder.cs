using Serilog.Events;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Payload;

/// <summary>Turns an event into its payload. Safe for concurrent use.</summary>
internal abstract class EventEncoder
{
    /// <summary>What its payloads are, and so what the streams must be that they go to.</summary>
    public virtual EntryEncoding Encoding => EntryEncoding.Json;

    /// <summary>The one for a stream that is of another encoding than was asked for.</summary>
    public virtual EventEncoder For(EntryEncoding encoding) => this;

    /// <summary>Appends the event's payload, without a newline at its end. A value that throws makes this throw; the buffer is then void.</summary>
    public abstract void Encode(LogEvent logEvent, Utf8Buffer output);
}
