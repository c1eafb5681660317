using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Payloads;
using Sink.Core.Tests.Compressing;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Model;

/// <summary>An object as a reader of the bucket finds it. Without metadata it is one that a put has not finished.</summary>
internal sealed record BucketObject(string Key, byte[] Bytes, string? Document)
{
    public const string Bucket = "bucket";

    private ObjectMetadata? _metadata;

    public ObjectMetadata Metadata => _metadata ??= ObjectMetadata.TryParse(Document!, out ObjectMetadata? metadata, out string error)
        ? metadata
        : throw new BrokenPromiseException($"The metadata of {Key} cannot be read: {error}");

    public static IReadOnlyList<BucketObject> ReadAll(MemoryDisk disk)
    {
        IReadOnlyList<string> files = disk.ListFiles();
        HashSet<string> names = [.. files];
        List<BucketObject> objects = [];
        foreach (string file in files)
        {
            int slash = file.LastIndexOf('/');
            if (!file.StartsWith(Bucket + "/", StringComparison.Ordinal) || file[slash + 1] == '.')
            {
                continue;
            }

            string metadata = $"{file[..slash]}/{StoreKey.MetadataOf(file[(slash + 1)..])}";
            string? document = names.Contains(metadata) ? System.Text.Encoding.UTF8.GetString(disk.ReadFile(metadata)) : null;
            objects.Add(new BucketObject(file[(Bucket.Length + 1)..], disk.ReadFile(file), document));
        }

        return objects;
    }

    /// <summary>Every payload in it, checked against what the metadata says.</summary>
    public IReadOnlyList<byte[]> Payloads() => [.. Entries().Select(static entry => entry.Payload)];

    /// <summary>The same, with what the entries around it share.</summary>
    public IReadOnlyList<(byte[] Payload, byte[]? Header)> Entries()
    {
        ObjectMetadata metadata = Metadata;
        BrokenPromiseException.Unless(metadata.Hash == Blake2b16.HashHex(Bytes), $"{Key} has other bytes than its hash says.");
        byte[] raw = Decompress(Bytes, metadata.Compression);
        EntrySplitter splitter = Framing.Find(metadata.Framing, metadata.Encoding, metadata.Delimiter)!.CreateSplitter();
        List<(byte[] Payload, byte[]? Header)> payloads = [];
        ReadOnlySpan<byte> rest = raw;
        while (splitter.TrySplit(rest, out Range entry, out int consumed))
        {
            payloads.Add((rest[entry].ToArray(), null));
            rest = rest[consumed..];
        }

        if (splitter.EndsEntry)
        {
            payloads.Add((rest.ToArray(), null));
            rest = default;
        }

        BrokenPromiseException.Unless(splitter.IsEnd(rest), $"{Key} ends within an entry.");
        if (metadata.Framing == "length")
        {
            // The definition was lost, which is reported as damage: all that can be told of an entry is its bytes.
            payloads = [.. payloads.Select(static entry => (ModelDefinitions.PayloadOf(entry.Payload), entry.Header))];
        }
        else if (metadata.Framing != "ndjson")
        {
            int split = payloads.Count;
            payloads = ModelDefinitions.Read(metadata.Framing, raw);
            BrokenPromiseException.Unless(payloads.Count == split, $"{Key} is cut into {split} entries, and holds {payloads.Count}.");
        }

        BrokenPromiseException.Unless(payloads.Count == metadata.Entries, $"{Key} holds {payloads.Count} entries; its metadata says {metadata.Entries}.");
        BrokenPromiseException.Unless(raw.Length == metadata.RawBytes, $"{Key} holds {raw.Length} raw bytes; its metadata says {metadata.RawBytes}.");
        return payloads;
    }

    public static byte[] Decompress(byte[] bytes, string compression)
    {
        try
        {
            using Compressor compressor = Compressors.FromName(compression) ?? new OwnCompressor();
            using Stream stream = compressor.Decompress(new MemoryStream(bytes));
            using MemoryStream raw = new();
            stream.CopyTo(raw);
            return raw.ToArray();
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new BrokenPromiseException($"Bytes cannot be decoded: {exception.Message}", exception);
        }
    }
}
