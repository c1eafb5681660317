using Serilog.Formatting;
using Serilog.Sinks.S3Journal.Payload;
using Sink.Core;

namespace Serilog.Sinks.S3Journal;

/// <summary>Settings of the Serilog sink: those of its journal, and a few of its own.</summary>
public sealed class S3JournalSinkOptions : JournalOptions
{
    private static readonly TimeSpan ShortestAuditTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestAuditTimeout = TimeSpan.FromHours(1);

    private TimeProvider _timeProvider = TimeProvider.System;

    /// <summary>
    /// The stream that events go to: a name such as <c>orders/api</c>, or a template over the event such as
    /// <c>{Application}/{Level}</c>. <c>{Level}</c> is the event's level; any other token is the scalar property of that name,
    /// percent-encoded and at most 64 bytes; a missing, null or structured one is <c>_</c>. Null (the default) takes the entry
    /// assembly's name, with other characters than letters, digits, '_', '.' and '-' as '-'.
    /// </summary>
    public string? Stream { get; set; }

    /// <summary>
    /// What writes an event's payload; a line break at its end is left out. Null (the default) writes Compact Log Event Format,
    /// one JSON document an event. An event is one line of an object: line breaks inside it become spaces.
    /// </summary>
    public ITextFormatter? Formatter { get; set; }

    /// <summary>
    /// What an event's payload is. Default <see cref="EntryEncoding.Json"/>; <see cref="EntryEncoding.MessagePack"/> has the same names and structure, and no <see cref="Formatter"/>.
    /// A stream has one encoding, its first user's. Events for which there is no stream left (<see cref="JournalOptions.MaxStreams"/>) go to <c>_overflow</c>, as JSON always.
    /// </summary>
    public EntryEncoding Encoding { get; set; }

    /// <summary>The longest that <c>AuditTo</c> waits for an event to be on disk before it throws. Default 30 s, 1 ms to 1 h.</summary>
    public TimeSpan AuditTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="JournalOptions.UseTimeProvider" />
    public new void UseTimeProvider(TimeProvider timeProvider)
    {
        base.UseTimeProvider(timeProvider);
        _timeProvider = timeProvider;
    }

    internal SinkSurroundings Surroundings => new(_timeProvider, ReportToStandardError, OnFailure);

    internal EventEncoder Encoder => EncoderFor(Formatter, Encoding);

    /// <exception cref="JournalException">The encoding is none, or not one of text.</exception>
    internal static EventEncoder EncoderFor(ITextFormatter? formatter, EntryEncoding encoding)
    {
        EntryStreams.Check(encoding);
        if (formatter is null)
        {
            return ClefEncoder.Of(encoding);
        }

        return encoding == EntryEncoding.Json
            ? new FormatterEncoder(formatter)
            : throw new JournalException($"Formatter is set, and writes text: Encoding = {encoding} cannot hold it. Leave one of them out.") { IsConfiguration = true };
    }

    /// <exception cref="JournalException">The sink could not keep the promise of <c>AuditTo</c>.</exception>
    internal void CheckForAudit()
    {
        CheckAuditTimeout(AuditTimeout);
        if (!Fsync)
        {
            throw new JournalException("AuditTo promises that an event is on disk when the log call returns, which Fsync = false would break. Leave Fsync on, or use WriteTo.")
            {
                IsConfiguration = true,
            };
        }
    }

    internal static void CheckAuditTimeout(TimeSpan value)
    {
        if (value < ShortestAuditTimeout || value > LongestAuditTimeout)
        {
            throw new JournalException(
                $"AuditTimeout is {value:c}; it must be between {ShortestAuditTimeout:c} and {LongestAuditTimeout:c}. Write times as \"00:00:30\": \"200\" is 200 days to .NET.")
            {
                IsConfiguration = true,
            };
        }
    }
}
