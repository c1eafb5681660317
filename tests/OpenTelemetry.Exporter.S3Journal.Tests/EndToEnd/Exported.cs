using Google.Protobuf;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using ProtoResource = OpenTelemetry.Exporter.S3Journal.Tests.Proto.Resource;

namespace OpenTelemetry.Exporter.S3Journal.Tests.EndToEnd;

/// <summary>One record as it was exported, and under what.</summary>
/// <param name="Resource">Whose it is.</param>
/// <param name="SchemaUrl">That of the resource.</param>
/// <param name="Scope">A ScopeLogs or ScopeSpans with that record alone.</param>
internal sealed record Exported(ProtoResource Resource, string SchemaUrl, IMessage Scope)
{
    public LogRecord Log => Assert.Single(((ScopeLogs)Scope).LogRecords);

    public Span Span => Assert.Single(((ScopeSpans)Scope).Spans);

    /// <summary>The resource's, as text.</summary>
    public string Instance => Resource.Attributes.Single(static pair => pair.Key == "service.instance.id").Value.StringValue;

    /// <summary>The number that the test gave the record.</summary>
    public int Number => (int)(Scope is ScopeLogs ? Log.Attributes : Span.Attributes).Single(static pair => pair.Key == "Number").Value.IntValue;

    public static IEnumerable<Exported> Of(LogsData data)
        => data.ResourceLogs.SelectMany(static resource => resource.ScopeLogs.Select(scope => new Exported(resource.Resource, resource.SchemaUrl, scope)));

    public static IEnumerable<Exported> Of(TracesData data)
        => data.ResourceSpans.SelectMany(static resource => resource.ScopeSpans.Select(scope => new Exported(resource.Resource, resource.SchemaUrl, scope)));

    /// <summary>Fails where the second differ from the first in any field, in number, or in order.</summary>
    public static void AreSame(IReadOnlyList<Exported> expected, IReadOnlyList<Exported> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach ((Exported theirs, Exported ours) in expected.Zip(actual))
        {
            Fields.Same(theirs.Resource, ours.Resource);
            Assert.Equal(theirs.SchemaUrl, ours.SchemaUrl);
            Fields.Same(theirs.Scope, ours.Scope);

            // Also fields that the tests' messages do not have.
            Assert.Equal(theirs.Resource, ours.Resource);
            Assert.Equal(theirs.Scope, ours.Scope);
        }
    }
}
