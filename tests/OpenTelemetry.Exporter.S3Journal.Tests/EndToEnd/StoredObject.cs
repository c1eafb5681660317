using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using ZstdSharp;

namespace OpenTelemetry.Exporter.S3Journal.Tests.EndToEnd;

/// <summary>An object at a destination as another program finds it.</summary>
internal sealed class StoredObject
{
    private readonly byte[] _content;

    private StoredObject(string key, byte[] content, long entries)
    {
        Key = key;
        _content = content;
        if (key.StartsWith("otel/logs/", StringComparison.Ordinal))
        {
            LogsData logs = Parse<LogsData>();
            IsLogs = true;
            Resources = logs.ResourceLogs.Count;
            Records = [.. Exported.Of(logs)];
        }
        else
        {
            TracesData spans = Parse<TracesData>();
            Resources = spans.ResourceSpans.Count;
            Records = [.. Exported.Of(spans)];
        }

        Assert.Equal(entries, Records.Count);
    }

    /// <summary>Its key below the destination.</summary>
    public string Key { get; }

    public bool IsLogs { get; }

    /// <summary>How many ResourceLogs or ResourceSpans there are: one for each compressed frame.</summary>
    public int Resources { get; }

    public IReadOnlyList<Exported> Records { get; }

    public static StoredObject Read(string root, string path)
    {
        using MemoryStream content = new();
        using (FileStream file = File.OpenRead(path))
        using (Stream decompressed = Path.GetExtension(path) switch
        {
            ".zst" => new DecompressionStream(file),
            ".gz" => new GZipStream(file, CompressionMode.Decompress),
            _ => file,
        })
        {
            decompressed.CopyTo(content);
        }

        JsonElement metadata = JsonElement.Parse(File.ReadAllText(Path.Join(Path.GetDirectoryName(path), $".{Path.GetFileName(path)}.meta")));
        return new StoredObject(Path.GetRelativePath(root, path), content.ToArray(), metadata.GetProperty("entries").GetInt64());
    }

    private TMessage Parse<TMessage>()
        where TMessage : IMessage<TMessage>, new()
    {
        TMessage all = new();
        if (Key.Contains(".binpb", StringComparison.Ordinal))
        {
            all.MergeFrom(_content);
            return all;
        }

        foreach (byte[] document in Documents())
        {
            all.MergeFrom(OtlpJson.Parse<TMessage>(document));
        }

        return all;
    }

    /// <summary>Of <c>.json</c> the whole, which the parser takes only as one document without line feeds; of <c>.jsonl</c> each line.</summary>
    private IEnumerable<byte[]> Documents()
    {
        if (!Key.Contains(".jsonl", StringComparison.Ordinal))
        {
            return [_content];
        }

        Assert.Equal((byte)'\n', _content[^1]);
        return Encoding.UTF8.GetString(_content.AsSpan(..^1)).Split('\n').Select(Encoding.UTF8.GetBytes);
    }
}
