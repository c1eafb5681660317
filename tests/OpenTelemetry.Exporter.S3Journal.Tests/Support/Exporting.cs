using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Signals;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>A journal in memory with options that lead to it, and what came of them.</summary>
internal sealed class Exporting : IDisposable
{
    /// <summary>How long tests wait for what must come: generous, for the machine may be busy with others.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly ConcurrentStack<IDisposable> _made = new();

    public FakeSource Source { get; } = new();

    public FakeJournal Journal => Source.Journal;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 10, 15, 0, TimeSpan.Zero));

    public ConcurrentQueue<JournalFailure> Failures { get; } = new();

    /// <summary>A source of activities that nobody else has.</summary>
    public ActivitySource Activities { get; } = new($"test-{Guid.NewGuid()}");

    public string[] Payloads => [.. Journal.Entries.Select(static entry => entry.Payload)];

    public void Configure(S3JournalExporterOptions options)
    {
        options.UseSource(Source);
        options.UseTimeProvider(Time);
        options.OnFailure(Failures.Enqueue);
    }

    public S3JournalExporterOptions Options(Action<S3JournalExporterOptions>? configure = null)
    {
        S3JournalExporterOptions options = new();
        Configure(options);
        configure?.Invoke(options);
        return options;
    }

    public SignalWriter<Activity> Writer(Action<S3JournalExporterOptions>? configure = null)
        => Keep(SignalWriter<Activity>.Start(SpanSignal.Instance, Options(configure), OtlpLimits.Default));

    /// <summary>A factory whose records go to the journal.</summary>
    public ILoggerFactory Logging(Action<S3JournalExporterOptions>? configure = null, Action<OpenTelemetryLoggerOptions>? logging = null)
        => Keep(LoggerFactory.Create(builder => builder.AddOpenTelemetry(options =>
        {
            logging?.Invoke(options);
            options.AddS3JournalExporter(Both(configure));
        })));

    /// <summary>A provider whose spans go to the journal.</summary>
    public TracerProvider Tracing(Action<S3JournalExporterOptions>? configure = null, Action<TracerProviderBuilder>? tracing = null)
    {
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddSource(Activities.Name);
        tracing?.Invoke(builder);
        return Keep(builder.AddS3JournalExporter(Both(configure)).Build());
    }

    /// <summary>An ended activity that nobody exported.</summary>
    public static Activity Span(string name)
    {
        Activity activity = new(name) { ActivityTraceFlags = ActivityTraceFlags.Recorded };
        activity.Start();
        activity.Stop();
        return activity;
    }

    public void Dispose()
    {
        foreach (IDisposable made in _made)
        {
            made.Dispose();
        }

        Activities.Dispose();
    }

    private Action<S3JournalExporterOptions> Both(Action<S3JournalExporterOptions>? configure) => options =>
    {
        Configure(options);
        configure?.Invoke(options);
    };

    private T Keep<T>(T made)
        where T : IDisposable
    {
        _made.Push(made);
        return made;
    }
}
