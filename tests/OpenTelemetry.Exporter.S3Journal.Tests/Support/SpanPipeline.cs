using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Trace;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>An activity source behind which stand our encoders and the OTLP exporter, which sends each span at once to a receiver.</summary>
internal sealed class SpanPipeline : IDisposable
{
    private readonly OtlpReceiver _receiver = OtlpReceiver.Start();
    private readonly Capture<Activity> _capture;
    private readonly TracerProvider _provider;

    public SpanPipeline(ActivitySourceOptions? source = null, params (string Key, string? Value)[] settings)
    {
        // A name of its own: sources are known to every provider of the process.
        source ??= new ActivitySourceOptions("") { Version = "1.2.3" };
        source.Name = $"{source.Name}{Guid.NewGuid():N}";
        Source = new ActivitySource(source);
        IConfiguration configuration = Settings.Of(settings);
        OtlpLimits limits = OtlpLimits.Read(configuration);
        _capture = new Capture<Activity>((encoder, activity, output) => encoder.WriteSpan(activity, limits, output));
        _provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetSampler(new AlwaysOnSampler())
            .AddSource(source.Name)
            .AddProcessor(_capture)
            .AddOtlpExporter(exporter =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(_receiver.Address, "v1/traces");
                exporter.ExportProcessorType = ExportProcessorType.Simple;
            })
            .Build();
    }

    public ActivitySource Source { get; }

    public Encoded<ScopeSpans> Take()
    {
        TracesData sent = TracesData.Parser.ParseFrom(_receiver.Take());
        return new Encoded<ScopeSpans>(Assert.Single(Assert.Single(sent.ResourceSpans).ScopeSpans), _capture.Protobuf, _capture.Json);
    }

    /// <summary>One span.</summary>
    public Encoded<ScopeSpans> Span(Action<Activity> describe, ActivityKind kind = ActivityKind.Internal)
    {
        using (Activity activity = Source.StartActivity("work", kind)!)
        {
            describe(activity);
        }

        return Take();
    }

    public void Dispose()
    {
        _provider.Dispose();
        _receiver.Dispose();
        Source.Dispose();
    }
}
