using System.Collections.Concurrent;
using Serilog.Events;

namespace Serilog.Sinks.S3Journal.Routing;

/// <summary>Finds an event's stream. In the steady state that is one lookup by the values themselves, and nothing at all for a constant name.</summary>
internal sealed class StreamRouter
{
    /// <summary>Names remembered; beyond it (ids in a template, say) each event renders its name again.</summary>
    internal const int MaxRemembered = 10_000;

    private const int MaxKeyChars = 256;

    private readonly IEventJournal _journal;
    private readonly StreamTemplate _template;
    private readonly IEventStream? _only;
    private readonly ConcurrentDictionary<string, IEventStream> _streams = new(StringComparer.Ordinal);
    private int _remembered;

    /// <exception cref="ArgumentException">The constant name is not usable.</exception>
    public StreamRouter(IEventJournal journal, StreamTemplate template)
    {
        _journal = journal;
        _template = template;
        _only = template.ConstantName is { } name ? journal.GetStream(name) : null;
    }

    internal int Remembered => _streams.Count;

    public IEventStream Route(LogEvent logEvent)
    {
        if (_only is not null)
        {
            return _only;
        }

        Span<char> buffer = stackalloc char[MaxKeyChars];
        if (!_template.TryWriteKey(logEvent, buffer, out int length))
        {
            return _journal.GetStream(_template.Render(logEvent));
        }

        ReadOnlySpan<char> key = buffer[..length];
        return _streams.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out IEventStream? stream) ? stream : Remember(key, logEvent);
    }

    private IEventStream Remember(ReadOnlySpan<char> key, LogEvent logEvent)
    {
        IEventStream stream = _journal.GetStream(_template.Render(logEvent));

        // Counted apart: Count of the dictionary takes all its locks.
        if (Volatile.Read(ref _remembered) < MaxRemembered && _streams.TryAdd(key.ToString(), stream))
        {
            Interlocked.Increment(ref _remembered);
        }

        return stream;
    }
}
