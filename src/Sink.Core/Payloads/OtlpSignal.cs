
namespace Sink.Core.Payloads;

/// <summary>
/// What differs between OTLP's logs and spans outside the records themselves. Field numbers and names: opentelemetry-proto 1.x, <c>logs.proto</c> and
/// <c>trace.proto</c> (LogsData.resource_logs = 1, ResourceLogs.resource = 1, .scope_logs = 2; alike for spans).
/// </summary>
/// <param name="Encoding">Name in an object's metadata.</param>
/// <param name="NamePrefix">What the Collector's S3 receiver knows an object by.</param>
/// <param name="Resources">The outer list's name.</param>
/// <param name="Scopes">The inner list's name.</param>
internal sealed record OtlpSignal(string Encoding, string NamePrefix, string Resources, string Scopes)
{
    public static readonly OtlpSignal Logs = new("otlp-logs", "logs_", "resourceLogs", "scopeLogs");
    public static readonly OtlpSignal Traces = new("otlp-traces", "traces_", "resourceSpans", "scopeSpans");

    public byte[] DocumentOpening { get; } = Utf8($"{{\"{Resources}\":[");

    /// <summary>Stands between the resource and its entries, and nowhere else: in a string its quotes would be escaped.</summary>
    public byte[] ScopesOpening { get; } = Utf8($"\"{Scopes}\":[");

    public static OtlpSignal? Find(string encoding) => encoding == Logs.Encoding ? Logs : encoding == Traces.Encoding ? Traces : null;

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
