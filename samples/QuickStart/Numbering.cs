using Serilog.Core;
using Serilog.Events;

namespace QuickStart;

/// <summary>
/// Gives each event the run, the number of its thread, and a sequence number that counts up from 1 in that thread: by them the
/// reader knows that an event is there, only once, and behind the one that was logged before it.
/// </summary>
internal sealed class Numbering : ILogEventEnricher
{
    public const string Run = "Run";
    public const string Thread = "Thread";
    public const string Sequence = "Sequence";

    [ThreadStatic]
    private static int _thread;

    [ThreadStatic]
    private static long _sequence;

    private readonly LogEventProperty _run;

    public Numbering(string run) => _run = new LogEventProperty(Run, new ScalarValue(run));

    /// <summary>Events logged by the calling thread.</summary>
    public static long Logged => _sequence;

    public static string NewRun() => Guid.NewGuid().ToString("N")[..8];

    /// <summary>The calling thread begins at 1.</summary>
    public static void Begin(int thread)
    {
        _thread = thread;
        _sequence = 0;
    }

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        logEvent.AddPropertyIfAbsent(_run);
        logEvent.AddPropertyIfAbsent(new LogEventProperty(Thread, new ScalarValue(_thread)));
        logEvent.AddPropertyIfAbsent(new LogEventProperty(Sequence, new ScalarValue(++_sequence)));
    }
}
