using System.Collections.Concurrent;
using Serilog.Events;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Routing;

/// <summary>Finds an event's stream. In the steady state that is one lookup by the values themselves, and nothing at all for a constant name.</summary>
internal sealed class StreamRouter
{
    /// <summary>Names remembered; beyond it (ids in a template, say) each event renders its name again.</summary>
    internal const int MaxRemembered = 10_000;

    private const int MaxKeyChars = 256;

    private readonly EntryStreams _open;
    private readonly StreamTemplate _template;
    private readonly EntryStream? _only;
    private readonly ConcurrentDictionary<string, EntryStream> _streams = new(StringComparer.Ordinal);
    private int _remembered;

    /// <exception cref="ArgumentException">The constant name is not usable.</exception>
    /// <exception cref="JournalException">The stream of that name was opened with other options.</exception>
    public StreamRouter(IEventJournal journal, StreamTemplate template, EntryEncoding encoding, Action<JournalFailure> report)
    {
        _open = new EntryStreams(journal, encoding, report);
        _template = template;
        _only = template.ConstantName is { } name ? _open.Open(name) : null;
    }

    internal int Remembered => _streams.Count;

    public EntryStream Route(LogEvent logEvent)
    {
        if (_only is not null)
        {
            return _only;
        }

        Span<char> buffer = stackalloc char[MaxKeyChars];
        if (!_template.TryWriteKey(logEvent, buffer, out int length))
        {
            return _open.Open(_template.Render(logEvent));
        }

        ReadOnlySpan<char> key = buffer[..length];
        return _streams.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out EntryStream? stream) ? stream : Remember(key, logEvent);
    }

    private EntryStream Remember(ReadOnlySpan<char> key, LogEvent logEvent)
    {
        EntryStream stream = _open.Open(_template.Render(logEvent));

        // Counted apart: Count of the dictionary takes all its locks.
        if (Volatile.Read(ref _remembered) < MaxRemembered && _streams.TryAdd(key.ToString(), stream))
        {
            Interlocked.Increment(ref _remembered);
        }

        return stream;
    }
}
