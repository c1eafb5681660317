using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>
/// Reads OTLP's JSON. It is protobuf's, but for hexadecimal ids and for enumerations, which must be numbers; the first is turned into protobuf's, and what protobuf's
/// reader would forgive is refused here.
/// </summary>
internal static class OtlpJson
{
    public static TMessage Parse<TMessage>(ReadOnlySpan<byte> utf8)
        where TMessage : IMessage<TMessage>, new()
    {
        Assert.False(utf8.ContainsAny("\r\n"u8));
        string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8);
        JsonNode document = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 64 })!;
        Convert(document);
        return new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(false)).Parse<TMessage>(document.ToJsonString());
    }

    private static void Convert(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (JsonNode? element in array)
                {
                    Convert(element);
                }

                break;
            case JsonObject members:
                foreach ((string name, JsonNode? value) in members.ToArray())
                {
                    Check(name, value);
                    if (name is "traceId" or "spanId" or "parentSpanId")
                    {
                        members[name] = System.Convert.ToBase64String(System.Convert.FromHexString(value!.GetValue<string>()));
                    }
                    else
                    {
                        Convert(value);
                    }
                }

                break;
        }
    }

    private static void Check(string name, JsonNode? value)
    {
        switch (name)
        {
            case "traceId":
                Assert.Matches("^[0-9a-f]{32}$", value!.GetValue<string>());
                break;
            case "spanId" or "parentSpanId":
                Assert.Matches("^[0-9a-f]{16}$", value!.GetValue<string>());
                break;
            case "severityNumber" or "kind" or "code" or "flags" or "droppedAttributesCount" or "droppedEventsCount" or "droppedLinksCount":
                Assert.Equal(JsonValueKind.Number, value!.GetValueKind());
                break;
            case "intValue":
                _ = long.Parse(value!.GetValue<string>(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            case "timeUnixNano" or "observedTimeUnixNano" or "startTimeUnixNano" or "endTimeUnixNano":
                _ = ulong.Parse(value!.GetValue<string>(), NumberStyles.None, CultureInfo.InvariantCulture);
                break;
            case "bytesValue":
                _ = System.Convert.FromBase64String(value!.GetValue<string>());
                break;
            case "doubleValue" when value!.GetValueKind() == JsonValueKind.String:
                Assert.Contains(value.GetValue<string>(), new[] { "NaN", "Infinity", "-Infinity" });
                break;
        }
    }
}
