using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Routing;

/// <summary>The resource names the stream and is its header; nobody knows it before the provider is built.</summary>
public sealed class ResourceStreams : IDisposable
{
    private readonly Exporting _exporting = new();

    [Fact]
    public void TheResourceIsReadByTheFirstRecordAndOnce()
    {
        _exporting.Tracing(
            static options => options.Stream = "{service.name}",
            static tracing => tracing.ConfigureResource(static resource => resource.AddService("shop")));
        Assert.Empty(_exporting.Journal.Asked);

        for (int i = 0; i < 3; i++)
        {
            _exporting.Activities.StartActivity("pay")!.Dispose();
        }

        Assert.Equal(["shop/traces"], _exporting.Journal.Asked);
        StreamOptions options = Assert.Single(_exporting.Journal.AskedWith)!;
        Assert.NotEqual(0, options.Header.Length);
        Assert.Equal("otlp-traces", options.Encoding);
        Assert.Equal(StreamFraming.OtlpJsonLines, options.Framing);
        Assert.Equal(3, _exporting.Journal.Entries.Count);
    }

    [Fact]
    public void AnExporterOfYourOwnPipelineReadsItToo()
    {
        S3JournalLogExporter exporter = new(_exporting.Options(static options => options.Stream = "{service.name}"));
        using (ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddOpenTelemetry(options => options
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("shop"))
            .AddProcessor(new SimpleLogRecordExportProcessor(exporter)))))
        {
            factory.CreateLogger("x").LogInformation("x");
        }

        Assert.Equal("shop/logs", Assert.Single(_exporting.Journal.Entries).Stream);
    }

    [Fact]
    public void WithoutAProviderTheResourceIsEmpty()
    {
        Assert.True(_exporting.Writer(static options => options.Stream = "{service.name}").Append(Exporting.Span("x"), null));

        Assert.Equal(["_/traces"], _exporting.Journal.Asked);
    }

    [Fact]
    public void AStreamWithAnotherResourceIsRefusedWithAWayOutAndTriedAgainAfterASecond()
    {
        _exporting.Journal.ThrowAtOpen = new JournalException("Header: 12 bytes and 13 bytes") { IsConfiguration = true };
        ILogger logger = _exporting.Logging().CreateLogger("x");
        for (int i = 0; i < 3; i++)
        {
            logger.LogInformation("refused");
        }

        JournalFailure failure = Assert.Single(_exporting.Failures);
        Assert.Equal(JournalFailureKind.Permanent, failure.Kind);
        Assert.Contains("The stream \"otel/logs\" cannot be opened", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Stream = \"{service.name}\"", failure.Message, StringComparison.Ordinal);
        Assert.Contains("12 bytes and 13 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Single(_exporting.Journal.Asked);

        _exporting.Journal.ThrowAtOpen = null;
        logger.LogInformation("refused");
        _exporting.Time.Advance(TimeSpan.FromSeconds(1));
        logger.LogInformation("stored");

        Assert.Single(_exporting.Journal.Entries);
        Assert.Equal("Entries are stored again; 4 were not.", _exporting.Failures.Last().Message);
        Assert.Equal(4, _exporting.Failures.Sum(static told => told.Entries));
    }

    public void Dispose() => _exporting.Dispose();
}
