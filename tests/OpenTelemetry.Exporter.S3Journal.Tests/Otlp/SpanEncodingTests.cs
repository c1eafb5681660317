using System.Diagnostics;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Otlp;

/// <summary>Spans, field by field as the OTLP exporter sends them.</summary>
public sealed class SpanEncodingTests
{
    private static readonly ActivityContext _remote = new(
        ActivityTraceId.CreateFromString("0123456789abcdef0123456789abcdef"), ActivitySpanId.CreateFromString("0123456789abcdef"), ActivityTraceFlags.Recorded, "vendor=x,other=y", isRemote: true);

    [Theory]
    [InlineData(ActivityKind.Internal)]
    [InlineData(ActivityKind.Server)]
    [InlineData(ActivityKind.Client)]
    [InlineData(ActivityKind.Producer)]
    [InlineData(ActivityKind.Consumer)]
    public void TheKindIsWritten(ActivityKind kind)
    {
        using SpanPipeline pipeline = new();
        Assert.Equal((int)kind + 1, (int)Span(pipeline.Span(static _ => { }, kind)).Kind);
    }

    [Fact]
    public void ASpanWithEverythingIsTheSame()
    {
        using SpanPipeline pipeline = new(new ActivitySourceOptions("Shop.Ærzte")
        {
            Version = "2.0.1",
            Tags = new ActivityTagsCollection { ["team"] = "checkout", ["count"] = 3, ["none"] = null, ["list"] = new[] { "a", "b" } },
            TelemetrySchemaUrl = "https://opentelemetry.io/schemas/1.37.0",
        });
        ActivityLink[] links =
        [
            new(_remote, new ActivityTagsCollection { ["why"] = "batch", ["n"] = 1 }),
            new(new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None)),
        ];
        using (Activity activity = pipeline.Source.StartActivity("GET /orders/{id}", ActivityKind.Server, _remote, [new("http.status_code", 200), new("ratio", 0.5)], links)!)
        {
            activity.DisplayName = "GET /orders/{id} \"\ud83d\ude00\" \ud800";
            activity.SetTag("nested", new Dictionary<string, object?> { ["a"] = new[] { 1, 2 } });
            activity.AddEvent(new ActivityEvent("retry", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), new ActivityTagsCollection { ["attempt"] = 2, ["cause"] = "timeout" }));
            activity.AddEvent(new ActivityEvent("done"));
            activity.AddException(new InvalidOperationException("it failed"));
            activity.AddLink(new ActivityLink(_remote));
            activity.SetStatus(ActivityStatusCode.Error, "it failed \"badly\"");
        }

        ScopeSpans spans = pipeline.Take().AreTheSame().FromJson;
        Span span = Assert.Single(spans.Spans);
        Assert.Equal((3, "https://opentelemetry.io/schemas/1.37.0"), (spans.Scope.Attributes.Count, spans.SchemaUrl));
        Assert.Equal((3, 3, 3), (span.Attributes.Count, span.Events.Count, span.Links.Count));
        Assert.Equal(("vendor=x,other=y", 0x301u), (span.TraceState, span.Flags));
        Assert.Equal("0123456789abcdef", Convert.ToHexStringLower(span.ParentSpanId.Span));
        Assert.Equal(Status.Types.StatusCode.Error, span.Status.Code);
    }

    [Fact]
    public void AParentInTheProcessIsNotRemote()
    {
        using SpanPipeline pipeline = new();
        Activity parent = pipeline.Source.StartActivity("parent")!;
        Span child = Span(pipeline.Span(static _ => { }));
        Assert.Equal(parent.SpanId.ToHexString(), Convert.ToHexStringLower(child.ParentSpanId.Span));
        Assert.Equal(0x101u, child.Flags);
        parent.Dispose();
        Assert.Empty(Span(pipeline.Take()).ParentSpanId);
    }

    [Fact]
    public void TimesAreInNanoseconds()
    {
        using SpanPipeline pipeline = new();
        DateTime start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        Span span = Span(pipeline.Span(activity => activity.SetStartTime(start).SetEndTime(start.AddTicks(12_345_678))));
        Assert.Equal(1_234_567_800ul, span.EndTimeUnixNano - span.StartTimeUnixNano);
        Assert.Equal(1_767_323_045_000_000_000ul, span.StartTimeUnixNano);
    }

    [Theory]
    [InlineData(ActivityStatusCode.Unset, null, null, null)]
    [InlineData(ActivityStatusCode.Unset, "ignored", null, null)]
    [InlineData(ActivityStatusCode.Ok, null, null, null)]
    [InlineData(ActivityStatusCode.Error, null, null, null)]
    [InlineData(ActivityStatusCode.Error, "", null, null)]
    [InlineData(ActivityStatusCode.Error, "why \"so\" \ud800", null, null)]
    [InlineData(ActivityStatusCode.Error, "own", "OK", "tagged")]
    [InlineData(ActivityStatusCode.Ok, null, "ERROR", "tagged")]
    [InlineData(ActivityStatusCode.Unset, null, "ERROR", "tagged")]
    [InlineData(ActivityStatusCode.Unset, null, "error", null)]
    [InlineData(ActivityStatusCode.Unset, null, "Ok", "tagged")]
    [InlineData(ActivityStatusCode.Unset, null, "UNSET", "tagged")]
    [InlineData(ActivityStatusCode.Unset, null, "other", "tagged")]
    [InlineData(ActivityStatusCode.Unset, null, 2, 3)]
    public void TheStatusIsTheExporters(ActivityStatusCode code, string? description, object? tag, object? tagDescription)
    {
        using SpanPipeline pipeline = new();
        Span(pipeline.Span(activity => activity.SetStatus(code, description).SetTag("a", 1).SetTag("otel.status_code", tag).SetTag("otel.status_description", tagDescription).SetTag("z", 1)));
    }

    [Fact]
    public void AHierarchicalIdIsTheSame()
    {
        using SpanPipeline pipeline = new();
        using (Activity outer = new("outer"))
        {
            outer.SetIdFormat(ActivityIdFormat.Hierarchical);
            outer.Start();
            pipeline.Span(static _ => { }).AreTheSame();
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1.0-ü")]
    public void TheScopesVersionIsTheSame(string? version)
    {
        using SpanPipeline pipeline = new(new ActivitySourceOptions("x") { Version = version });
        pipeline.Span(static _ => { }).AreTheSame();
    }

    private static Span Span(Encoded<ScopeSpans> encoded) => Assert.Single(encoded.AreTheSame().FromJson.Spans);
}
