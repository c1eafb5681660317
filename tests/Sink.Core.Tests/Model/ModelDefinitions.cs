using System.Text;
using System.Text.Json.Nodes;
using Sink.Core.Packing;

namespace Sink.Core.Tests.Model;

/// <summary>Streams with definitions of their own, as the model's runs give them, and their objects as another program reads them.</summary>
internal static class ModelDefinitions
{
    private static readonly string[] _framings = ["otlp-binpb", "otlp-json", "otlp-jsonl", "json-array", "separated"];

    /// <summary>In no payload of the model.</summary>
    private const string Delimiter = "::";

    /// <summary>The stream "a" has one, with another header in each run.</summary>
    public static StreamDefinition? Usual(string stream, int run) => stream == "a" ? Create(_framings[0], run) : null;

    /// <summary>It may have none, or change its framing, its compression and its dates from run to run.</summary>
    public static StreamDefinition? Changing(string stream, int run, int seed)
    {
        Random random = new(seed + run);
        int kind = random.Next(_framings.Length + 2);
        if (stream != "a" || kind > _framings.Length)
        {
            return null;
        }

        // The last keeps its header too.
        StreamDefinition definition = kind == _framings.Length ? Create(_framings[0], run: 0) : Create(_framings[kind], run);
        if (random.Next(3) == 0)
        {
            definition = definition with { MaxObjectEntries = random.Next(1, 6) };
        }

        if (random.Next(3) == 0)
        {
            definition = definition with { Compression = Compression.Gzip, CompressionLevel = 1 };
        }

        return random.Next(3) == 0 ? definition with { DirectoryFormat = "yyyy/MM", TimeZone = "UTC" } : definition;
    }

    /// <summary>What is appended for a payload of the model; under a JSON framing it must be JSON.</summary>
    public static byte[] Entry(StreamDefinition? definition, byte[] payload) =>
        IsJson(definition) ? [.. "{\"p\":\""u8, .. payload, .. "\"}"u8] : payload;

    /// <summary>The payload in what was appended for it.</summary>
    public static byte[] PayloadOf(byte[] entry) => entry is [(byte)'{', ..] ? Encoding.UTF8.GetBytes((string)JsonNode.Parse(entry)!["p"]!) : entry;

    /// <summary>Bytes around a payload.</summary>
    public static int Around(StreamDefinition? definition) => IsJson(definition) ? Entry(definition, []).Length : 0;

    /// <summary>Every payload in an object's bytes with the header it stands under; as another program reads it, not as we do.</summary>
    public static List<(byte[] Payload, byte[]? Header)> Read(string framing, byte[] raw) => framing switch
    {
        "otlp-binpb" => ReadProtobuf(raw),
        "otlp-json" => ReadJson(Encoding.UTF8.GetString(raw)),
        "otlp-jsonl" => [.. Lines(Encoding.UTF8.GetString(raw)).SelectMany(ReadJson)],
        "json-array" => [.. JsonNode.Parse(raw)!.AsArray().Select(static entry => (Encoding.UTF8.GetBytes((string)entry!["p"]!), (byte[]?)null))],
        "separated" => [.. Encoding.ASCII.GetString(raw).Split(Delimiter).Select(static entry => (Encoding.ASCII.GetBytes(entry), (byte[]?)null))],
        _ => throw new BrokenPromiseException($"The framing {framing} is none that was asked for."),
    };

    /// <summary>A definition of that framing, with a header of the run's where the framing has one.</summary>
    public static StreamDefinition Create(string framing, int run) => framing switch
    {
        "json-array" => new() { Framing = framing, Encoding = "json" },
        "separated" => new() { Framing = framing, Encoding = "text", Delimiter = Encoding.ASCII.GetBytes(Delimiter) },
        _ => new()
        {
            Framing = framing,
            Encoding = "otlp-logs",
            Header = framing == _framings[0] ? [0x0A, 1, (byte)run] : Encoding.UTF8.GetBytes($"\"resource\":{run}"),
        },
    };

    private static bool IsJson(StreamDefinition? definition) => definition is not null && definition.Framing is not ("otlp-binpb" or "separated");

    private static string[] Lines(string text)
    {
        BrokenPromiseException.Unless(text.EndsWith('\n'), "The last line has no end.");
        return text[..^1].Split('\n');
    }

    private static List<(byte[] Payload, byte[]? Header)> ReadJson(string text)
    {
        List<(byte[] Payload, byte[]? Header)> entries = [];
        JsonNode document = JsonNode.Parse(text)!;
        foreach (JsonNode? resource in document["resourceLogs"]!.AsArray())
        {
            byte[] header = Encoding.UTF8.GetBytes($"\"resource\":{resource!["resource"]!.ToJsonString()}");
            foreach (JsonNode? entry in resource["scopeLogs"]!.AsArray())
            {
                entries.Add((Encoding.UTF8.GetBytes((string)entry!["p"]!), header));
            }
        }

        return entries;
    }

    private static List<(byte[] Payload, byte[]? Header)> ReadProtobuf(ReadOnlySpan<byte> raw)
    {
        List<(byte[] Payload, byte[]? Header)> entries = [];
        while (!raw.IsEmpty)
        {
            byte[]? header = null;
            ReadOnlySpan<byte> resource = Field(ref raw, out byte outer);
            BrokenPromiseException.Unless(outer == 0x0A, "There is a field that LogsData has not.");
            while (!resource.IsEmpty)
            {
                byte[] field = Field(ref resource, out byte tag).ToArray();
                if (tag == 0x0A)
                {
                    header = [0x0A, (byte)field.Length, .. field];
                }
                else
                {
                    BrokenPromiseException.Unless(tag == 0x12, "There is a field that ResourceLogs has not.");
                    entries.Add((field, header));
                }
            }
        }

        return entries;
    }

    private static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> bytes, out byte tag)
    {
        tag = bytes[0];
        int length = 0;
        int at = 1;
        for (int shift = 0; at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            length |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        BrokenPromiseException.Unless(length <= bytes.Length - at, "A field is longer than what is around it.");
        ReadOnlySpan<byte> field = bytes.Slice(at, length);
        bytes = bytes[(at + length)..];
        return field;
    }
}
