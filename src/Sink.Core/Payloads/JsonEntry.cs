using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Sink.Core.Payloads;

/// <summary>
/// An entry of a framing whose object is only read when each of them is JSON. One that is not must not cost the others: it is put in as a JSON string with its
/// text, and as <c>{"base64":"..."}</c> when its bytes are no UTF-8.
/// </summary>
internal static class JsonEntry
{
    /// <summary>Name of the encoding.</summary>
    public const string Encoding = "json";

    /// <summary>Deeper ones count as no document: common readers give up on the whole object at such depths.</summary>
    public const int MostDepth = 1_000;

    private static readonly JsonWriterOptions _writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The payload as it is when it is one document, white space around it included.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        if (IsDocument(payload))
        {
            output.Write(payload);
            return;
        }

        using Utf8JsonWriter json = new(output, _writing);
        if (Utf8.IsValid(payload))
        {
            json.WriteStringValue(payload);
            return;
        }

        json.WriteStartObject();
        json.WriteBase64String("base64", payload);
        json.WriteEndObject();
    }

    /// <summary>Whether the payload is one JSON document, not nested too deep, and nothing else.</summary>
    public static bool IsDocument(ReadOnlySpan<byte> payload)
    {
        // Inside strings the reader below takes any bytes.
        if (!Utf8.IsValid(payload))
        {
            return false;
        }

        try
        {
            Utf8JsonReader reader = new(payload, new JsonReaderOptions { MaxDepth = MostDepth });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
