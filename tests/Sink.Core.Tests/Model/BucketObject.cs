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
    public IReadOnlyList<byte[]> Payloads()
    {
        ObjectMetadata metadata = Metadata;
        BrokenPromiseException.Unless(metadata.Hash == Blake2b16.HashHex(Bytes), $"{Key} has other bytes than its hash says.");
        byte[] raw = Decompress(Bytes, metadata.Compression);
        Framing framing = Framing.FromName(metadata.Framing)!;
        List<byte[]> payloads = [];
        ReadOnlySpan<byte> rest = raw;
        while (framing.TrySplit(rest, out int length, out int consumed))
        {
            payloads.Add(rest[..length].ToArray());
            rest = rest[consumed..];
        }

        BrokenPromiseException.Unless(rest.IsEmpty, $"{Key} ends within an entry.");
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
