using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sink.Core;

namespace Streams;

/// <summary>A JSON document of a domain and a namespace, which choose its stream. Encoded, no two pairs share one: "a/b" and "c" is another than "a" and "b/c".</summary>
internal sealed record Document(string Domain, string Namespace, JsonObject Body) : IStorableEvent
{
    public string StoragePath => $"{Journal.EncodeStreamSegment(Domain)}/{Journal.EncodeStreamSegment(Namespace)}";

    public DateTimeOffset Timestamp { get; } = TimeProvider.System.GetUtcNow();

    public void WritePayload(IBufferWriter<byte> output)
    {
        using Utf8JsonWriter json = new(output);
        Body.WriteTo(json);
    }
}
