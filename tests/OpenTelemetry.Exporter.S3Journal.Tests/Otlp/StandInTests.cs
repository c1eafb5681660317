using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Otlp;

/// <summary>What is stored of a record that the journal does not take: small, whatever the record holds.</summary>
public sealed class StandInTests
{
    private const int MostBytes = 200_000;

    private static readonly string _huge = string.Concat(Enumerable.Repeat("\0\u001f\"é\U0001F600", 200_000));

    [Fact]
    public void ALogRecordsStandInKeepsWhatTellsIt()
    {
        foreach (OtlpEncoder encoder in (OtlpEncoder[])[OtlpEncoder.Protobuf, OtlpEncoder.Json])
        {
            using Activity activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
            byte[] written = Pipe.LogStandIn(encoder, static logger => logger.LogError(new EventId(7, "Placed"), new InvalidOperationException(_huge), "Order {OrderId} {Large} {List}", 4711, _huge, new[] { 1 }));
            ScopeLogs logs = encoder == OtlpEncoder.Json ? OtlpJson.Parse<ScopeLogs>(written) : ScopeLogs.Parser.ParseFrom(written);
            LogRecord record = Assert.Single(logs.LogRecords);

            Assert.InRange(written.Length, 1, MostBytes);
            Assert.Equal(("Shop.Orders", "Placed", 17), (logs.Scope.Name, record.EventName, (int)record.SeverityNumber));
            Assert.Equal(activity.SpanId.ToHexString(), Convert.ToHexStringLower(record.SpanId.Span));
            Assert.StartsWith("Order 4711 ", record.Body.StringValue, StringComparison.Ordinal);
            Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(record.Body.StringValue), TextCut.MaxBytes - 4, TextCut.MaxBytes);
            Assert.Equal(["exception.type", "exception.message", "exception.stacktrace", "OrderId", "{OriginalFormat}", "truncated"], record.Attributes.Select(static attribute => attribute.Key));
            Assert.True(record.Attributes[^1].Value.BoolValue);
            Assert.Equal(2u, record.DroppedAttributesCount);
        }
    }

    [Fact]
    public void ALogRecordsStandInIsBoundedWhateverTheRecordHolds()
    {
        KeyValuePair<string, object?>[] state = [.. Enumerable.Range(0, 20_000).Select(static i => KeyValuePair.Create<string, object?>($"{i}{new string('\0', 250)}", _huge[..256])), new("truncated", "mine")];
        foreach (OtlpEncoder encoder in (OtlpEncoder[])[OtlpEncoder.Protobuf, OtlpEncoder.Json])
        {
            byte[] written = [];
            Pipe.Log(
                record =>
                {
                    record.CategoryName = _huge;
                    written = Some.Written(output => encoder.WriteLogStandIn(record, OtlpLimits.Default, output));
                },
                logger => logger.Log(LogLevel.Error, new EventId(1, _huge), state, new InvalidOperationException(_huge), static (_, _) => _huge));
            ScopeLogs logs = encoder == OtlpEncoder.Json ? OtlpJson.Parse<ScopeLogs>(written) : ScopeLogs.Parser.ParseFrom(written);
            LogRecord record = logs.LogRecords[0];
            Assert.InRange(written.Length, 1, MostBytes);
            Assert.Equal(20_001 + 4, record.Attributes.Count + (int)record.DroppedAttributesCount);
            Assert.Single(record.Attributes, static attribute => attribute.Key == "truncated");
        }
    }

    [Fact]
    public void AStandInKeepsSmallValuesOfScopes()
    {
        byte[] written = Pipe.LogStandIn(OtlpEncoder.Json, static logger =>
        {
            using (logger.BeginScope("Request {RequestId} {Large}", Guid.Empty, _huge))
            using (logger.BeginScope(Endless()))
            {
                logger.LogInformation("{A}", 1);
            }
        });
        LogRecord record = OtlpJson.Parse<ScopeLogs>(written).LogRecords[0];
        Assert.InRange(written.Length, 1, MostBytes);
        Assert.Equal(["A", "{OriginalFormat}", "RequestId", "k"], record.Attributes.Take(4).Select(static attribute => attribute.Key));
        Assert.Equal("truncated", record.Attributes[^1].Key);
    }

    [Fact]
    public void ASpansStandInKeepsWhatTellsIt()
    {
        Activity activity = Pipe.Span("work", static activity =>
        {
            activity.DisplayName = _huge;
            activity.TraceStateString = _huge;
            activity.SetStatus(ActivityStatusCode.Error, _huge);
            activity.SetTag("small", 1).SetTag("large", _huge);
            for (int i = 0; i < 1_000; i++)
            {
                activity.SetTag($"{i}", "x").AddEvent(new ActivityEvent(_huge)).AddLink(new ActivityLink(default));
            }
        });
        foreach (OtlpEncoder encoder in (OtlpEncoder[])[OtlpEncoder.Protobuf, OtlpEncoder.Json])
        {
            byte[] written = Some.Written(output => encoder.WriteSpanStandIn(activity, output));
            ScopeSpans spans = encoder == OtlpEncoder.Json ? OtlpJson.Parse<ScopeSpans>(written) : ScopeSpans.Parser.ParseFrom(written);
            Span span = Assert.Single(spans.Spans);
            Assert.InRange(written.Length, 1, MostBytes);
            Assert.Equal(("1.2.3", activity.TraceId.ToHexString()), (spans.Scope.Version, Convert.ToHexStringLower(span.TraceId.Span)));
            Assert.Equal((1_000u, 1_000u, Status.Types.StatusCode.Error), (span.DroppedEventsCount, span.DroppedLinksCount, span.Status.Code));
            Assert.Equal(("small", "truncated"), (span.Attributes[0].Key, span.Attributes[^1].Key));
            Assert.Equal(1_003, span.Attributes.Count + (int)span.DroppedAttributesCount);
            Assert.Equal(1ul, Math.Min(1ul, span.EndTimeUnixNano - span.StartTimeUnixNano));
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Endless()
    {
        while (true)
        {
            yield return new("k", 1);
        }
    }
}
