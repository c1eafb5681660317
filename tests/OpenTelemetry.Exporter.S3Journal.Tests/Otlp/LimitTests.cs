using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Otlp;

/// <summary>OpenTelemetry's limits: the same settings leave out the same as the OTLP exporter leaves out.</summary>
public sealed class LimitTests
{
    /// <summary>Settings, each in one text.</summary>
    public static TheoryData<string> LogSettings =>
    [
        "",
        "OTEL_ATTRIBUTE_COUNT_LIMIT=3",
        "OTEL_ATTRIBUTE_COUNT_LIMIT=0",
        "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT=2",
        "OTEL_ATTRIBUTE_COUNT_LIMIT=3;OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT=5",
        "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=1",
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=4",
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=0",
        "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT=3",
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=4;OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT=6",
        "OTEL_ATTRIBUTE_COUNT_LIMIT=-1;OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=x",
        "OTEL_ATTRIBUTE_COUNT_LIMIT= ;OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT=1,000",
        "OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES=True;OTEL_ATTRIBUTE_COUNT_LIMIT=5",
        "OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES=1",
    ];

    public static TheoryData<string> SpanSettings =>
    [
        "",
        "OTEL_ATTRIBUTE_COUNT_LIMIT=2",
        "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=2",
        "OTEL_ATTRIBUTE_COUNT_LIMIT=1;OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=3;OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT=2;OTEL_LINK_ATTRIBUTE_COUNT_LIMIT=0",
        "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT=1",
        "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT=1",
        "OTEL_SPAN_EVENT_COUNT_LIMIT=1",
        "OTEL_SPAN_LINK_COUNT_LIMIT=2",
        "OTEL_SPAN_EVENT_COUNT_LIMIT=0;OTEL_SPAN_LINK_COUNT_LIMIT=0",
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=4",
        "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT=3",
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=2;OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT=5",
        "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT=1;OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT=1",
    ];

    [Theory]
    [MemberData(nameof(LogSettings))]
    public void LogRecordsAreLimitedAsByTheExporter(string settings)
    {
        using LogPipeline pipeline = new(static options => options.IncludeScopes = true, Parse(settings));
        pipeline.Log(static logger =>
        {
            using (logger.BeginScope(new Dictionary<string, object?> { ["Tenant"] = "acme", ["Bytes"] = new byte[] { 1, 2, 3, 4, 5 } }))
            {
                logger.LogError(new EventId(4, "Failed"), new InvalidOperationException("it failed"), "Order {OrderId} of {Customer} {List}", 4711, "ada lovelace", new[] { "lovelace", "x" });
            }
        }).AreTheSame();
    }

    [Theory]
    [MemberData(nameof(SpanSettings))]
    public void SpansAreLimitedAsByTheExporter(string settings)
    {
        using SpanPipeline pipeline = new(
            new ActivitySourceOptions("x") { Tags = new ActivityTagsCollection { ["a"] = "long text", ["b"] = 2, ["c"] = 3 } }, Parse(settings));
        pipeline.Span(static activity =>
        {
            ActivityTagsCollection tags = new() { ["x"] = "long text", ["y"] = new[] { "long text" }, ["z"] = new Dictionary<string, object?> { ["k"] = "long text" } };
            activity.SetTag("one", "long text").SetTag("two", 2).SetTag("otel.status_code", "OK").SetTag("three", 3).SetTag("four", 4);
            for (int i = 0; i < 3; i++)
            {
                activity.AddEvent(new ActivityEvent("event", default, tags));
                activity.AddLink(new ActivityLink(new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None), tags));
            }
        }).AreTheSame();
    }

    [Fact]
    public void BeyondTheUsualLimitsIsDroppedAndCounted()
    {
        using LogPipeline logs = new();
        LogRecord record = logs.LogAttributes([.. Enumerable.Range(0, 200).Select(static i => KeyValuePair.Create<string, object?>($"k{i}", i))]).AreTheSame().FromJson.LogRecords[0];
        Assert.Equal((128, 72u), (record.Attributes.Count, record.DroppedAttributesCount));

        using SpanPipeline spans = new();
        Span span = spans.Span(static activity =>
        {
            for (int i = 0; i < 200; i++)
            {
                activity.SetTag($"k{i}", i).AddEvent(new ActivityEvent("e")).AddLink(new ActivityLink(default));
            }
        }).AreTheSame().FromJson.Spans[0];
        Assert.Equal((72u, 72u, 72u), (span.DroppedAttributesCount, span.DroppedEventsCount, span.DroppedLinksCount));
    }

    [Fact]
    public void ASettingThatCannotBeReadIsTold()
    {
        List<(string, string)> told = [];
        OtlpLimits limits = OtlpLimits.Read(
            Settings.Of(("OTEL_ATTRIBUTE_COUNT_LIMIT", "many"), ("OTEL_SPAN_LINK_COUNT_LIMIT", ""), ("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES", "yes")),
            (key, value) => told.Add((key, value)));
        Assert.Equal(OtlpLimits.Default, limits);
        Assert.Equal([("OTEL_ATTRIBUTE_COUNT_LIMIT", "many"), ("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES", "yes")], told);
    }

    private static (string Key, string? Value)[] Parse(string settings)
        => [.. settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static setting => (setting.Split('=')[0], (string?)setting.Split('=')[1]))];
}
