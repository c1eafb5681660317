using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Otlp;

/// <summary>Log records, field by field as the OTLP exporter sends them.</summary>
public sealed class LogEncodingTests
{
    [Theory]
    [InlineData(LogLevel.Trace, 1)]
    [InlineData(LogLevel.Debug, 5)]
    [InlineData(LogLevel.Information, 9)]
    [InlineData(LogLevel.Warning, 13)]
    [InlineData(LogLevel.Error, 17)]
    [InlineData(LogLevel.Critical, 21)]
    public void EachLevelIsTheExportersSeverity(LogLevel level, int severity)
    {
        using LogPipeline pipeline = new();
        LogRecord record = Record(pipeline.Log(logger => logger.Log(level, "started")));
        Assert.Equal(severity, (int)record.SeverityNumber);
        Assert.Equal(level.ToString(), record.SeverityText);
        Assert.NotEqual(0ul, record.TimeUnixNano);
        Assert.NotEqual(0ul, record.ObservedTimeUnixNano);
    }

    [Fact]
    public void TheCategoryIsTheScope()
    {
        using LogPipeline pipeline = new();
        Assert.Equal("Shop.Ærzte", pipeline.Log(logger => logger.LogInformation("x"), "Shop.Ærzte").AreTheSame().FromJson.Scope.Name);
    }

    [Fact]
    public void TheProvidersVersionAndSchemaAreTheScopes()
    {
        using LogPipeline pipeline = new(options => (options.Version, options.SchemaUrl) = ("1.2", "https://example.com/schema"));
        ScopeLogs logs = pipeline.Log(logger => logger.LogInformation("x")).AreTheSame().FromJson;
        Assert.Equal("1.2", logs.Scope.Version);
        Assert.Equal("https://example.com/schema", logs.SchemaUrl);
    }

    [Theory]
    [InlineData(7, "Placed")]
    [InlineData(7, null)]
    [InlineData(0, "Placed")]
    [InlineData(0, "")]
    public void TheEventsNameIsWritten(int id, string? name)
    {
        using LogPipeline pipeline = new();
        Assert.Equal(name ?? "", Record(pipeline.Log(logger => logger.Log(LogLevel.Information, new EventId(id, name), "x", null, static (text, _) => text))).EventName);
    }

    [Fact]
    public void TheEventsIdIsAnAttributeWhereAskedFor()
    {
        using LogPipeline pipeline = new(null, ("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES", "true"));
        KeyValue first = Record(pipeline.Log(logger => logger.LogInformation(new EventId(7), "Order {OrderId}", 1))).Attributes[0];
        Assert.Equal(("logrecord.event.id", 7), (first.Key, first.Value.IntValue));
    }

    [Theory]
    [InlineData(true, "Order 4711 of ada")]
    [InlineData(false, "Order {OrderId} of {Customer}")]
    public void TheBodyIsTheMessageOrItsTemplate(bool includesMessage, string body)
    {
        using LogPipeline pipeline = new(options => options.IncludeFormattedMessage = includesMessage);
        LogRecord record = Record(pipeline.Log(logger => logger.LogInformation("Order {OrderId} of {Customer}", 4711, "ada")));
        Assert.Equal(body, record.Body.StringValue);
        Assert.Equal(includesMessage ? 3 : 2, record.Attributes.Count);
    }

    [Fact]
    public void AStateWithoutATemplateHasItsMessageAsBody()
    {
        using LogPipeline pipeline = new();
        Assert.Equal("the text", Record(pipeline.Log(logger => logger.Log(LogLevel.Information, default, 42, null, static (_, _) => "the text"))).Body.StringValue);
        pipeline.Log(logger => logger.Log<object?>(LogLevel.Information, default, null, null, static (_, _) => null!)).AreTheSame();
    }

    [Fact]
    public void ATemplateThatIsNoTextIsAnAttribute()
    {
        using LogPipeline pipeline = new();
        pipeline.LogAttributes(new("{OriginalFormat}", 42), new("{OriginalFormat}", "a"), new("{OriginalFormat}", "b")).AreTheSame();
        pipeline.LogAttributes(new KeyValuePair<string, object?>("{OriginalFormat}", null)).AreTheSame();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StatesThatAreNotListsAreTheSame(bool parses)
    {
        using LogPipeline pipeline = new(options => options.ParseStateValues = parses);
        pipeline.Log(logger => logger.Log(LogLevel.Information, default, new Dictionary<string, object?> { ["A"] = 1 }, null, static (_, _) => "text")).AreTheSame();
        pipeline.Log(logger => logger.Log(LogLevel.Information, default, new { A = 1 }, null, static (state, _) => state.ToString()!)).AreTheSame();
    }

    [Fact]
    public void WhatAProcessorChangesIsWritten()
    {
        using LogPipeline pipeline = new(static options => options.AddProcessor(new Change(static record =>
        {
            record.Attributes = [new("Added", 1)];
            record.Body = "changed";
            record.LogLevel = LogLevel.None;
            record.Timestamp = default;
        })));
        LogRecord record = Record(pipeline.Log(static logger => logger.LogInformation("Order {OrderId}", 1)));
        Assert.Equal("changed", record.Body.StringValue);
        Assert.Equal("Added", Assert.Single(record.Attributes).Key);
        Assert.Equal((0, "", 0ul), ((int)record.SeverityNumber, record.SeverityText, record.TimeUnixNano));
    }

    [Fact]
    public void ABodyWithoutAttributesIsPassedOverAsByTheExporter()
    {
        using LogPipeline pipeline = new(static options => options.AddProcessor(new Change(static record => record.Attributes = null)));
        Assert.Null(Record(pipeline.Log(static logger => logger.LogInformation("Order {OrderId}", 1))).Body);
    }

    [Fact]
    public void AnExceptionIsThreeAttributes()
    {
        using LogPipeline pipeline = new();
        LogRecord record = Record(pipeline.Log(logger => logger.LogError(Thrown(), "failed {What}", "it")));
        Assert.Equal(["exception.type", "exception.message", "exception.stacktrace", "What"], record.Attributes.Select(static attribute => attribute.Key));
        Assert.Contains(nameof(Thrown), record.Attributes[2].Value.StringValue, StringComparison.Ordinal);
    }

    [Fact]
    public void ScopesAreAttributes()
    {
        using LogPipeline pipeline = new(options => options.IncludeScopes = true);
        LogRecord record = Record(pipeline.Log(static logger =>
        {
            using (logger.BeginScope("a text"))
            using (logger.BeginScope("Request {RequestId}", "r1"))
            using (logger.BeginScope(new Dictionary<string, object?> { ["Tenant"] = "acme", ["None"] = null, [""] = 1 }))
            using (logger.BeginScope(new List<KeyValuePair<string, object?>> { new("Region", "eu"), new("{OriginalFormat}", "x") }))
            using (logger.BeginScope(Pairs()))
            using (logger.BeginScope(42))
            {
                logger.LogInformation("Order {OrderId}", 1);
            }
        }));
        Assert.Equal(["OrderId", "RequestId", "Tenant", "None", "Region", "Lazy"], record.Attributes.Select(static attribute => attribute.Key));
    }

    [Fact]
    public void ScopesAreLeftOutWhereNotAskedFor()
    {
        using LogPipeline pipeline = new();
        Assert.Single(Record(pipeline.Log(static logger =>
        {
            using (logger.BeginScope("Request {RequestId}", "r1"))
            {
                logger.LogInformation("Order {OrderId}", 1);
            }
        })).Attributes);
    }

    [Theory]
    [InlineData(ActivityTraceFlags.None)]
    [InlineData(ActivityTraceFlags.Recorded)]
    public void TheTraceIsWritten(ActivityTraceFlags flags)
    {
        using LogPipeline pipeline = new();
        using Activity activity = new("work");
        activity.SetIdFormat(ActivityIdFormat.W3C);
        activity.ActivityTraceFlags = flags;
        activity.TraceStateString = "a=b";
        activity.Start();
        LogRecord record = Record(pipeline.Log(static logger => logger.LogInformation("x")));
        Assert.Equal(activity.TraceId.ToHexString(), Convert.ToHexStringLower(record.TraceId.Span));
        Assert.Equal(activity.SpanId.ToHexString(), Convert.ToHexStringLower(record.SpanId.Span));
        Assert.Equal((uint)flags, record.Flags);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("quotes \" and \\ and /")]
    [InlineData("controls \0\u0001\b\t\n\v\f\r\u001f\u007f\u0085\u2028\u2029")]
    [InlineData("é ß € 漢字 \U0001F600 \U0010FFFF")]
    [InlineData("\ud83d")]
    [InlineData("a\ude00b")]
    [InlineData("a\ud83d\ud83d\ude00")]
    public void AnyTextIsTheSameEverywhere(string text)
    {
        using LogPipeline pipeline = new(options => options.IncludeFormattedMessage = true);
        pipeline.Log(
            logger => logger.Log(
                LogLevel.Information,
                new EventId(1, text),
                new KeyValuePair<string, object?>[] { new(text + "k", text), new("array", new[] { text, null }), new("map", new Dictionary<string, object?> { [text] = text }) },
                new InvalidOperationException(text),
                (_, _) => text),
            "c" + text).AreTheSame();
    }

    [Fact]
    public void LongTextsAreTheSameEverywhere()
    {
        using LogPipeline pipeline = new();
        foreach (int length in (int[])[41, 42, 43, 124, 125, 126, 127, 128, 129, 4095, 4096, 4097, 8191, 16_380, 16_384, 100_000])
        {
            pipeline.LogAttributes(new("ascii", new string('x', length)), new("wide", new string('€', length)), new("pairs", string.Concat(Enumerable.Repeat("x\U0001F600", length / 3)))).AreTheSame();
        }
    }

    [Fact]
    public void TheResourceIsTheExporters()
    {
        using LogPipeline pipeline = new(options => options.SetResourceBuilder(Some.Resource));
        pipeline.Log(static logger => logger.LogInformation("x"));
        ResourceLogs theirs = pipeline.Sent!.ResourceLogs[0];

        ResourceLogs bare = new() { Resource = theirs.Resource, SchemaUrl = theirs.SchemaUrl };
        Fields.Same(bare, ResourceLogs.Parser.ParseFrom(Some.Written(static output => S3Journal.Otlp.OtlpEncoder.Protobuf.WriteResource(Some.Resource.Build(), output))));
        Fields.Same(bare, OtlpJson.Parse<ResourceLogs>([(byte)'{', .. Some.Written(static output => S3Journal.Otlp.OtlpEncoder.Json.WriteResource(Some.Resource.Build(), output)), (byte)'}']));
    }

    private static LogRecord Record(Encoded<ScopeLogs> encoded) => Assert.Single(encoded.AreTheSame().FromJson.LogRecords);

    private static IEnumerable<KeyValuePair<string, object?>> Pairs()
    {
        yield return new("Lazy", true);
    }

    private static Exception Thrown()
    {
        try
        {
            throw new InvalidOperationException("outer \"x\"", new ArgumentException("inner"));
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    private sealed class Change(Action<Logs.LogRecord> change) : BaseProcessor<Logs.LogRecord>
    {
        public override void OnEnd(Logs.LogRecord data) => change(data);
    }
}
