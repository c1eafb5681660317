using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using OpenTelemetry.Exporter.S3Journal.Diagnostics;
using OpenTelemetry.Exporter.S3Journal.Signals;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Failures;

/// <summary>The event source <c>OpenTelemetry-Exporter-S3Journal</c>, and standard error.</summary>
[Collection(nameof(OfTheProcess))]
public sealed class SelfDiagnostics : IDisposable
{
    private readonly Exporting _exporting = new();

    [Fact]
    public void TheSourceIsSound()
    {
        Assert.Equal("OpenTelemetry-Exporter-S3Journal", S3JournalExporterEventSource.Log.Name);
        Assert.Null(S3JournalExporterEventSource.Log.ConstructionException);
        Assert.NotEmpty(EventSource.GenerateManifest(typeof(S3JournalExporterEventSource), null, EventManifestOptions.Strict) ?? "");
    }

    [Fact]
    public void DroppedRefusedAndShortenedRecordsAreToldOnceEach()
    {
        using Listener listener = new(EventLevel.Verbose);
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer();
        foreach (AppendResult answer in new[] { AppendResult.Dropped, AppendResult.Closed })
        {
            _exporting.Journal.Answer = answer;
            writer.Append(Exporting.Span("x"), null);
            writer.Append(Exporting.Span("x"), null);
        }

        _exporting.Journal.Answer = null;
        _exporting.Journal.MaxEntryBytes = 16 << 10;
        writer.Append(Exporting.Span(new string('x', 20_000)), null);
        writer.Append(Exporting.Span(new string('x', 20_000)), null);
        writer.Shutdown(Timeout.Infinite);

        Assert.Equal(["RecordsDropped traces", "RecordsRefused traces", "RecordTruncated traces", "RecordsStoredAgain traces 4", "EndedWithLosses traces 4"], listener.Short);
    }

    [Fact]
    public void AJournalThatDoesNotOpenAndAFlushThatFailsAreTold()
    {
        using Listener listener = new(EventLevel.Warning);
        _exporting.Source.Opens = static () => throw new IOException("disk full");
        _exporting.Writer();
        _exporting.Source.Opens = null;
        _exporting.Source.Commits = static _ => throw new Hostile();
        _exporting.Writer().ForceFlush(Timeout.Infinite);
        _exporting.Source.Commits = static _ => Task.CompletedTask;

        Assert.Equal(["JournalNotOpen traces", "FlushFailed traces"], listener.Short);
        Assert.Contains("disk full", (string)listener.Events.First().Payload![2]!, StringComparison.Ordinal);
        Assert.Equal(nameof(Hostile), listener.Events.Last().Payload![2]);
    }

    [Fact]
    public void LevelsThatNobodyListensToAreNotTold()
    {
        using Listener listener = new(EventLevel.Critical);
        SignalWriter<System.Diagnostics.Activity> writer = _exporting.Writer();
        _exporting.Journal.Answer = AppendResult.Closed;
        writer.Append(Exporting.Span("x"), null);

        Assert.Empty(listener.Events);
    }

    [Fact]
    public void WhenNobodyListensTheFirstFailureIsPrinted()
    {
        TextWriter before = Console.Error;
        using StringWriter printed = new();
        Console.SetError(printed);
        try
        {
            S3JournalExporterOptions options = new();
            options.UseSource(_exporting.Source);
            using S3JournalTraceExporter exporter = new(options);
            _exporting.Journal.Answer = AppendResult.Closed;
            exporter.Export(new Batch<System.Diagnostics.Activity>([Exporting.Span("x"), Exporting.Span("x")], 2));
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.StartsWith("S3Journal: The journal is closed; records are not stored.", Assert.Single(printed.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    public void Dispose() => _exporting.Dispose();

    private sealed class Hostile : Exception
    {
        public override string Message => "no";

        public override string ToString() => throw new InvalidOperationException("no text");
    }

    private sealed class Listener : EventListener
    {
        private readonly EventLevel _level;

        public Listener(EventLevel level)
        {
            _level = level;
            EnableEvents(S3JournalExporterEventSource.Log, _level);
        }

        public ConcurrentQueue<EventWrittenEventArgs> Events { get; } = new();

        /// <summary>Each with its signal and count.</summary>
        public string[] Short => [.. Events.Select(static told => string.Join(' ', new[] { told.EventName, told.Payload![0], told.Payload.ElementAtOrDefault(1) is long count ? count : null }.Where(static part => part is not null)))];

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => Events.Enqueue(eventData);
    }
}
