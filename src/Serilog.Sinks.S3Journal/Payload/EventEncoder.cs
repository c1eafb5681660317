using Serilog.Events;

namespace Serilog.Sinks.S3Journal.Payload;

/// <summary>Turns an event into its payload. Safe for concurrent use.</summary>
internal abstract class EventEncoder
{
    /// <summary>Appends the event's payload, without a newline at its end. A value that throws makes this throw; the buffer is then void.</summary>
    public abstract void Encode(LogEvent logEvent, Utf8Buffer output);
}
