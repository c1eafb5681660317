using System.Collections.Concurrent;
using Serilog.Debugging;

namespace Serilog.Sinks.S3Journal.Tests.Support;

/// <summary>Tests that look at what the whole process has one of: the self-log, standard error, <see cref="Log.Logger"/>.</summary>
[CollectionDefinition(nameof(OfTheProcess), DisableParallelization = true)]
public sealed class OfTheProcess;

/// <summary>The self-log's lines while a test looks.</summary>
internal sealed class SelfLogLines : IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();

    public SelfLogLines() => SelfLog.Enable(_lines.Enqueue);

    public string[] Lines => [.. _lines];

    public void Dispose() => SelfLog.Disable();
}
