using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Registration;

/// <summary>Every way to add the exporter leads to a journal.</summary>
public sealed class Builders : IDisposable
{
    private readonly Exporting _exporting = new();

    [Fact]
    public void LogsComeByTheLoggersOptions()
    {
        _exporting.Logging().CreateLogger("Shop").LogInformation("Order {Id}", 42);

        (string stream, _, string payload) = Assert.Single(_exporting.Journal.Entries);
        Assert.Equal("otel/logs", stream);
        Assert.Contains("Shop", payload, StringComparison.Ordinal);
    }

    [Fact]
    public void LogsComeByTheProvidersBuilder()
    {
        ServiceCollection services = new();
        services.AddOpenTelemetry().WithLogging(logging => logging.AddS3JournalExporter(_exporting.Configure));
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("Shop").LogInformation("Order {Id}", 42);
        }

        Assert.Equal("otel/logs", Assert.Single(_exporting.Journal.Entries).Stream);
        Assert.Equal(1, _exporting.Journal.Disposals);
    }

    [Fact]
    public void SpansComeByTheProvidersBuilder()
    {
        _exporting.Tracing();
        _exporting.Activities.StartActivity("pay")!.Dispose();

        (string stream, _, string payload) = Assert.Single(_exporting.Journal.Entries);
        Assert.Equal("otel/traces", stream);
        Assert.Contains("pay", payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHostStoresLogsAndSpansInStreamsOfTheirOwn()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddFilter("Microsoft", LogLevel.None);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(static resource => resource.AddService("shop", "eu"))
            .WithLogging(logging => logging.AddS3JournalExporter(Configure))
            .WithTracing(tracing => tracing.AddSource(_exporting.Activities.Name).AddS3JournalExporter(Configure));
        using (IHost host = builder.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            using (_exporting.Activities.StartActivity("pay"))
            {
                host.Services.GetRequiredService<ILogger<Builders>>().LogInformation("Paying");
            }

            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(["eu/shop/logs", "eu/shop/traces"], _exporting.Journal.Entries.Select(static entry => entry.Stream));
        Assert.Equal(2, _exporting.Journal.Disposals);

        void Configure(S3JournalExporterOptions options)
        {
            _exporting.Configure(options);
            options.Stream = "{service.namespace}/{service.name}";
        }
    }

    [Fact]
    public void TheExporterCanBeAddedWhenTheContainerIsBuilt()
    {
        ServiceCollection services = new();
        services.AddOpenTelemetry().WithLogging().WithTracing();
        services.ConfigureOpenTelemetryLoggerProvider((_, logging) => logging.AddS3JournalExporter(_exporting.Configure));
        services.ConfigureOpenTelemetryTracerProvider((_, tracing) => tracing.AddSource(_exporting.Activities.Name).AddS3JournalExporter(_exporting.Configure));
        using ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredService<TracerProvider>();
        provider.GetRequiredService<ILoggerFactory>().CreateLogger("x").LogInformation("x");
        _exporting.Activities.StartActivity("x")!.Dispose();

        Assert.Equal(["otel/logs", "otel/traces"], _exporting.Journal.Entries.Select(static entry => entry.Stream));
    }

    [Fact]
    public void EveryOverloadIsThere()
    {
        using ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddOpenTelemetry(options => options.AddS3JournalExporter("a", _exporting.Configure).AddS3JournalExporter(_exporting.Configure)));
        factory.CreateLogger("x");
        ServiceCollection services = new();
        services.ConfigureAll<S3JournalExporterOptions>(_exporting.Configure);
        services.AddOpenTelemetry()
            .WithLogging(static logging => logging.AddS3JournalExporter().AddS3JournalExporter("a", null).AddS3JournalExporter(static options => options.Stream = "b"), static options => options.AddS3JournalExporter())
            .WithTracing(static tracing => tracing.AddS3JournalExporter().AddS3JournalExporter("a", null).AddS3JournalExporter(static options => options.Stream = "b"));
        using ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredService<ILoggerFactory>().CreateLogger("x").LogInformation("x");
        provider.GetRequiredService<TracerProvider>();

        Assert.Equal(9, _exporting.Source.Opened);
        Assert.Equal(4, _exporting.Journal.Entries.Count);
    }

    [Fact]
    public void AMistakeIsAnErrorWhereverTheProviderIsBuilt()
    {
        static void Mistake(S3JournalExporterOptions options) => options.Stream = "a//b";
        Assert.Throws<JournalException>(() => _exporting.Logging(Mistake).CreateLogger("x"));
        Assert.Throws<JournalException>(() => _exporting.Tracing(Mistake));
        ServiceCollection services = new();
        services.AddOpenTelemetry().WithLogging(static logging => logging.AddS3JournalExporter(Mistake)).WithTracing(static tracing => tracing.AddS3JournalExporter(Mistake));
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Throws<JournalException>(() => provider.GetRequiredService<ILoggerFactory>().CreateLogger("x"));
        Assert.Throws<JournalException>(provider.GetRequiredService<TracerProvider>);
        Assert.Equal(0, _exporting.Source.Opened);
    }

    [Fact]
    public void NoArgumentMayBeMissing()
    {
        Assert.Throws<ArgumentNullException>(static () => ((LoggerProviderBuilder)null!).AddS3JournalExporter());
        Assert.Throws<ArgumentNullException>(static () => ((OpenTelemetryLoggerOptions)null!).AddS3JournalExporter());
        Assert.Throws<ArgumentNullException>(static () => ((TracerProviderBuilder)null!).AddS3JournalExporter());
        Assert.Throws<ArgumentNullException>(static () => new S3JournalLogExporter((S3JournalExporterOptions)null!));
        Assert.Throws<ArgumentNullException>(static () => new S3JournalTraceExporter((S3JournalExporterOptions)null!));
        Assert.Throws<ArgumentNullException>(static () => new S3JournalExporterOptions().UseJournal(null!));
    }

    [Fact]
    public void ATimeOfASpanIsItsEndAndOfALogItsOwn()
    {
        _exporting.Logging().CreateLogger("x").LogInformation("x");
        using Activity span = new("x");
        DateTime start = new(2026, 11, 22, 10, 15, 0, DateTimeKind.Utc);
        span.SetStartTime(start).Start().SetEndTime(start.AddHours(3)).Stop();
        _exporting.Writer().Append(span, null);

        Assert.InRange(_exporting.Journal.Entries.First().Timestamp, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow());
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 13, 15, 0, TimeSpan.Zero), _exporting.Journal.Entries.Last().Timestamp);
    }

    public void Dispose() => _exporting.Dispose();
}
