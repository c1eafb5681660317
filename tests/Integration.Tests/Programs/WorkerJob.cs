using System.Globalization;
using System.Text.Json;
using Integration.Tests.Server;

namespace Integration.Tests.Programs;

/// <summary>A job of the sample <c>Worker</c>, as a log record or a span tells of it.</summary>
/// <param name="Instance">Which run did it.</param>
/// <param name="Number">The how-manieth of that run.</param>
/// <param name="TraceId">The trace's.</param>
/// <param name="SpanId">The span's.</param>
internal sealed record WorkerJob(string Instance, int Number, string TraceId, string SpanId)
{
    /// <summary>Those of the log records, in order; the host's own records are left out.</summary>
    public static List<WorkerJob> OfLogs(IEnumerable<BucketObject> objects) => [.. Of(objects, "otel/logs", "Logs", "logRecords", "Worker.JobWorker", "Job")];

    public static List<WorkerJob> OfSpans(IEnumerable<BucketObject> objects) => [.. Of(objects, "otel/traces", "Spans", "spans", "Worker.Jobs", "job.id")];

    private static IEnumerable<WorkerJob> Of(IEnumerable<BucketObject> objects, string stream, string signal, string records, string scopeName, string number) =>
        from found in objects.Where(found => found.Stream == stream).OrderBy(static found => found.Ordinal)
        from line in found.Lines
        from resource in JsonElement.Parse(line).GetProperty($"resource{signal}").EnumerateArray()
        from scope in resource.GetProperty($"scope{signal}").EnumerateArray()
        where scope.GetProperty("scope").GetProperty("name").GetString() == scopeName
        from record in scope.GetProperty(records).EnumerateArray()
        select new WorkerJob(
            Attribute(resource.GetProperty("resource"), "service.instance.id").GetProperty("stringValue").GetString()!,
            int.Parse(Attribute(record, number).GetProperty("intValue").GetString()!, CultureInfo.InvariantCulture),
            record.GetProperty("traceId").GetString()!,
            record.GetProperty("spanId").GetString()!);

    private static JsonElement Attribute(JsonElement owner, string name)
        => owner.GetProperty("attributes").EnumerateArray().Single(pair => pair.GetProperty("key").GetString() == name).GetProperty("value");
}
