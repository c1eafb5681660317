using System.Diagnostics;

namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>What is known of an entry besides its values.</summary>
internal readonly record struct EntryFacts
{
    public required DateTimeOffset Timestamp { get; init; }

    public required LogLevel Level { get; init; }

    public required string Category { get; init; }

    public EventId EventId { get; init; }

    /// <summary>The message as a person reads it; null when it is left to the template.</summary>
    public string? Message { get; init; }

    public string? Exception { get; init; }

    /// <summary>Zeroes when there is none.</summary>
    public ActivityTraceId TraceId { get; init; }

    public ActivitySpanId SpanId { get; init; }
}
