using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Registration;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Processors;

/// <summary>The exporters by themselves, and behind the SDK's batch processor.</summary>
public sealed class Exporters : IDisposable
{
    private readonly Exporting _exporting = new();

    [Theory]
    [InlineData(AppendResult.Stored, ExportResult.Success)]
    [InlineData(AppendResult.Dropped, ExportResult.Failure)]
    [InlineData(AppendResult.Closed, ExportResult.Failure)]
    [InlineData(AppendResult.TooLarge, ExportResult.Failure)]
    public void ExportSaysWhetherTheRecordWasStored(AppendResult answer, ExportResult expected)
    {
        using S3JournalTraceExporter exporter = new(_exporting.Options());
        _exporting.Journal.Answer = answer;

        Assert.Equal(expected, exporter.Export(new Batch<Activity>(Exporting.Span("x"))));
    }

    [Fact]
    public void OneRecordThatIsLostFailsTheExportAndTheOthersAreStored()
    {
        using S3JournalTraceExporter exporter = new(_exporting.Options());
        int appended = 0;
        _exporting.Journal.Appending = () => _exporting.Journal.Answer = ++appended == 2 ? AppendResult.Dropped : AppendResult.Stored;

        Assert.Equal(ExportResult.Failure, exporter.Export(new Batch<Activity>([Exporting.Span("a"), Exporting.Span("b"), Exporting.Span("c")], 3)));
        Assert.Equal(2, _exporting.Journal.Entries.Count);
    }

    [Fact]
    public void WhatEncodingDoesIsNotInstrumented()
    {
        using S3JournalTraceExporter exporter = new(_exporting.Options());
        bool isSuppressed = false;
        _exporting.Journal.Appending = () => isSuppressed = Sdk.SuppressInstrumentation;
        exporter.Export(new Batch<Activity>(Exporting.Span("x")));

        Assert.True(isSuppressed);
        Assert.False(Sdk.SuppressInstrumentation);
    }

    [Fact]
    public void ABatchProcessorHoldsRecordsUntilItIsFlushed()
    {
        TracerProvider provider = _exporting.Tracing(static options => options.ExportProcessorType = ExportProcessorType.Batch);
        _exporting.Activities.StartActivity("a")!.Dispose();
        _exporting.Activities.StartActivity("b")!.Dispose();

        Assert.True(provider.ForceFlush());
        Assert.Equal(2, _exporting.Journal.Entries.Count);
        Assert.Contains("commit", _exporting.Source.Asked);
    }

    [Fact]
    public void ABatchOfLogsKeepsWhatTheRecordsHold()
    {
        using (ILoggerFactory factory = _exporting.Logging(static options => options.ExportProcessorType = ExportProcessorType.Batch))
        {
            factory.CreateLogger("x").LogInformation("Order {Id}", 42);
        }

        Assert.Contains("Order", Assert.Single(_exporting.Payloads), StringComparison.Ordinal);
    }

    [Fact]
    public void TheProcessorIsOfTheTypeThatTheOptionsSayWithTheSdksBatchOptionsOfTheName()
    {
        ServiceCollection services = new();
        services.ConfigureAll<S3JournalExporterOptions>(_exporting.Configure);
        services.Configure<S3JournalExporterOptions>("batch", static options => options.ExportProcessorType = ExportProcessorType.Batch);
        services.Configure<S3JournalExporterOptions>("wrong", static options => options.ExportProcessorType = ExportProcessorType.Batch);
        services.Configure<LogRecordExportProcessorOptions>("wrong", static options => options.BatchExportProcessorOptions.MaxQueueSize = 0);
        services.Configure<ActivityExportProcessorOptions>("wrong", static options => options.BatchExportProcessorOptions.MaxQueueSize = 0);
        services.AddOpenTelemetry().WithLogging().WithTracing();
        using ServiceProvider provider = services.BuildServiceProvider();

        using BaseProcessor<LogRecord> logs = ExporterSetup.LogProcessor(provider, "batch", null);
        using BaseProcessor<Activity> spans = ExporterSetup.SpanProcessor(provider, "batch", null);
        Assert.IsAssignableFrom<BatchLogRecordExportProcessor>(logs);
        Assert.IsAssignableFrom<BatchActivityExportProcessor>(spans);
        Assert.Throws<ArgumentOutOfRangeException>(() => ExporterSetup.LogProcessor(provider, "wrong", null));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExporterSetup.SpanProcessor(provider, "wrong", null));
        Assert.Equal(2, _exporting.Journal.Disposals);
    }

    public void Dispose() => _exporting.Dispose();
}
