using System.Diagnostics;
using CsCheck;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using S3Journal.Proofs;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Otlp;

/// <summary>Random records are the OTLP exporter's, field by field. A failure prints its seed, which <c>CsCheck_Seed</c> repeats.</summary>
[Trait(LongForm.Trait, LongForm.Yes)]
public sealed class RandomRecordTests
{
    private static readonly long _records = LongForm.Count(500, 50_000);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnyLogRecordIsTheExporters(bool includesMessage)
    {
        using LogPipeline pipeline = new(options => (options.IncludeFormattedMessage, options.IncludeScopes) = (includesMessage, true));
        Gen.Select(Values.Attributes, Values.Attributes, Values.Text, Values.Text, Gen.Int[0, 5], Gen.Bool).Sample(
            (attributes, scope, text, name, level, fails) => pipeline.Log(
                logger =>
                {
                    using (logger.BeginScope(scope))
                    {
                        logger.Log((LogLevel)level, new EventId(level, name), attributes, fails ? new InvalidOperationException(text) : null, (_, _) => text);
                    }
                },
                name).AreTheSame(),
            iter: _records,
            threads: 1,
            print: static record => $"{Values.Print(record.Item1)} in {Values.Print(record.Item2)}: {record.Item3}, {record.Item4}, {record.Item5}, {record.Item6}");
        Figures.Report("random log records", ("records", _records));
    }

    [Fact]
    public void AnySpanIsTheExporters()
    {
        using SpanPipeline pipeline = new();
        Gen.Select(Values.Attributes, Values.Attributes, Values.Text, Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 3]).Sample(
            (attributes, inner, text, kind, status, count) => pipeline.Span(
                activity =>
                {
                    activity.DisplayName = text;
                    activity.TraceStateString = kind == 0 ? text : null;
                    activity.SetStatus((ActivityStatusCode)status, text);
                    foreach ((string name, object? value) in attributes)
                    {
                        activity.AddTag(name, value);
                    }

                    for (int i = 0; i < count; i++)
                    {
                        activity.AddEvent(new ActivityEvent(text, default, new ActivityTagsCollection(inner.DistinctBy(static pair => pair.Key))));
                        activity.AddLink(new ActivityLink(
                            new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), (ActivityTraceFlags)(i & 1), text, isRemote: i == 2),
                            new ActivityTagsCollection(inner.DistinctBy(static pair => pair.Key))));
                    }
                },
                (ActivityKind)kind).AreTheSame(),
            iter: _records,
            threads: 1,
            print: static record => $"{Values.Print(record.Item1)} and {Values.Print(record.Item2)}: {record.Item3}, {record.Item4}, {record.Item5}, {record.Item6}");
        Figures.Report("random spans", ("spans", _records));
    }
}
