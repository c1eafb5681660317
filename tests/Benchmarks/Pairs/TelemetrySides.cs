using System.Diagnostics;
using Benchmarks.Measuring;
using Benchmarks.Peers;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using Sink.Core;

namespace Benchmarks.Pairs;

/// <summary>A pipeline of OpenTelemetry.</summary>
/// <param name="Call">Makes one record.</param>
/// <param name="Settle">Waits until nothing of so many records is on its way; throws when one was lost.</param>
/// <param name="End">Disposes the provider.</param>
internal sealed record TelemetrySide(Action<int> Call, Action<long> Settle, Action End) : IDisposable
{
    public void Dispose() => End();
}

/// <summary>Pipelines of OpenTelemetry for logs and spans, each set up to lose nothing.</summary>
internal static class TelemetrySides
{
    // Beyond what waits in the longest run: the batch processor drops when its queue is full.
    private const int PeersQueue = 1 << 20;

    private static readonly ActivitySource _source = new("Shop.Checkout");

    public static TelemetrySide LogsToJournal(Bench bench, OtlpEncoding encoding)
    {
        Journal journal = Journal.Open(bench.Options());
        return Logs(builder => builder.AddS3JournalExporter(options => SetUp(options, journal, encoding)), calls => Settle(journal, calls), journal.Dispose);
    }

    public static TelemetrySide SpansToJournal(Bench bench, OtlpEncoding encoding)
    {
        Journal journal = Journal.Open(bench.Options());
        return Spans(builder => builder.AddS3JournalExporter(options => SetUp(options, journal, encoding)), calls => Settle(journal, calls), journal.Dispose);
    }

    public static TelemetrySide LogsToNowhere()
    {
        CountingExporter<LogRecord> exporter = new();
        BatchLogRecordExportProcessor batch = new(exporter, PeersQueue);
        return Logs(builder => builder.AddProcessor(batch), calls => Flushed(batch.ForceFlush(), exporter.Exported, calls), static () => { });
    }

    public static TelemetrySide SpansToNowhere()
    {
        CountingExporter<Activity> exporter = new();
        BatchActivityExportProcessor batch = new(exporter, PeersQueue);
        return Spans(builder => builder.AddProcessor(batch), calls => Flushed(batch.ForceFlush(), exporter.Exported, calls), static () => { });
    }

    public static TelemetrySide LogsByOtlp()
    {
        BatchLogRecordExportProcessor batch = new(new OtlpLogExporter(OtlpOptions()), PeersQueue);
        return Logs(builder => builder.AddProcessor(batch), calls => Flushed(batch.ForceFlush(), calls, calls), static () => { });
    }

    public static TelemetrySide SpansByOtlp()
    {
        BatchActivityExportProcessor batch = new(new OtlpTraceExporter(OtlpOptions()), PeersQueue);
        return Spans(builder => builder.AddProcessor(batch), calls => Flushed(batch.ForceFlush(), calls, calls), static () => { });
    }

    private static OtlpExporterOptions OtlpOptions() => new()
    {
        Protocol = OtlpExportProtocol.HttpProtobuf,
        Endpoint = new Uri("http://localhost/"),
        HttpClientFactory = static () => new HttpClient(new AcceptingHandler()),
    };

    private static void SetUp(S3JournalExporterOptions options, Journal journal, OtlpEncoding encoding)
    {
        options.UseJournal(journal);
        options.Encoding = encoding;
        options.Profile = encoding == OtlpEncoding.Protobuf ? S3JournalProfile.Collector : S3JournalProfile.File;
    }

    private static TelemetrySide Logs(Action<OpenTelemetryLoggerOptions> configure, Action<long> settle, Action end)
    {
        ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddOpenTelemetry(options =>
        {
            options.IncludeScopes = true;
            configure(options);
        }));
        ILogger logger = factory.CreateLogger("Shop.Checkout.OrderService");
        return new TelemetrySide(i => ProviderCalls.NumberAndText(logger, i, "ACME"), settle, () =>
        {
            factory.Dispose();
            end();
        });
    }

    private static TelemetrySide Spans(Action<TracerProviderBuilder> configure, Action<long> settle, Action end)
    {
        TracerProviderBuilder builder = OpenTelemetry.Sdk.CreateTracerProviderBuilder().AddSource(_source.Name);
        configure(builder);
        TracerProvider provider = builder.Build();
        return new TelemetrySide(Span, settle, () =>
        {
            provider.Dispose();
            end();
        });
    }

    private static void Span(int i)
    {
        using Activity? activity = _source.StartActivity("GET /orders/{id}", ActivityKind.Server);
        activity?.SetTag("http.request.method", "GET");
        activity?.SetTag("http.response.status_code", 200);
        activity?.SetTag("order.id", i);
    }

    private static void Settle(Journal journal, long records)
    {
        journal.CommitAsync().Wait(TimeSpan.FromMinutes(1));
        Stored.Check(journal, records);
    }

    private static void Flushed(bool isFlushed, long exported, long records)
    {
        if (!isFlushed || exported != records)
        {
            throw new InvalidOperationException($"Of {records} records {exported} were exported.");
        }
    }
}
