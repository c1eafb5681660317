using System.Collections.Concurrent;
using Serilog.Core;
using Serilog.Events;

namespace Serilog.Sinks.S3Journal.Tests.Support;

internal sealed class Listener : ILoggingFailureListener
{
    public ConcurrentQueue<(object Sender, LoggingFailureKind Kind, string Message, LogEvent[]? Events, Exception? Exception)> Failures { get; } = new();

    public void OnLoggingFailed(object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
        => Failures.Enqueue((sender, kind, message, events?.ToArray(), exception));
}

/// <summary>Keeps events.</summary>
internal sealed class Collector : ILogEventSink
{
    public ConcurrentQueue<LogEvent> Events { get; } = new();

    public void Emit(LogEvent logEvent) => Events.Enqueue(logEvent);
}
