using OpenTelemetry.Exporter.S3Journal.Signals;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>Gives a journal in memory, and answers flushes as a test says.</summary>
internal sealed class FakeSource : JournalSource
{
    public FakeJournal Journal { get; } = new();

    /// <summary>What is opened; null is <see cref="Journal"/>.</summary>
    public Func<IEventJournal>? Opens { get; set; }

    public int Opened { get; private set; }

    public Func<CancellationToken, Task> Commits { get; set; } = static _ => Task.CompletedTask;

    public Func<CancellationToken, Task<FlushResult>> Delivers { get; set; } = static _ => Task.FromResult(default(FlushResult));

    /// <summary>What was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    public override IEventJournal Open()
    {
        Opened++;
        return Opens?.Invoke() ?? Journal;
    }

    public override Task CommitAsync(CancellationToken cancellationToken)
    {
        Asked.Add("commit");
        return Commits(cancellationToken);
    }

    public override Task<FlushResult> FlushAsync(CancellationToken cancellationToken)
    {
        Asked.Add("deliver");
        return Delivers(cancellationToken);
    }
}
