using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Payloads;

namespace Sink.Core.Reading;

/// <summary>From what a store lists to what a reader sees: metadata to objects, and their order.</summary>
internal static class JournalObjects
{
    private static readonly long LeastMilliseconds = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long GreatestMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The object, or null with what is wrong with its metadata.</summary>
    public static JournalObject? Read(StoredObject stored, ReaderCompressors compressors, out string fault)
    {
        if (stored.Metadata is null)
        {
            fault = "it has no metadata";
            return null;
        }

        if (!ObjectMetadata.TryParse(stored.Metadata, out ObjectMetadata? metadata, out string error))
        {
            fault = $"its metadata {error}";
            return null;
        }

        long end = metadata.End ?? metadata.Start;
        if (metadata.Start < LeastMilliseconds || end > GreatestMilliseconds)
        {
            fault = "its metadata has times that no clock shows";
            return null;
        }

        fault = "";
        return new JournalObject
        {
            Key = stored.Key,
            Id = metadata.Id,
            Stream = metadata.Stream,
            Source = metadata.Source,
            Epoch = metadata.Epoch,
            Lane = metadata.Lane,
            Ordinal = metadata.Ordinal,
            Entries = metadata.Entries,
            RawBytes = metadata.RawBytes,
            Length = stored.Length,
            Start = DateTimeOffset.FromUnixTimeMilliseconds(metadata.Start),
            End = DateTimeOffset.FromUnixTimeMilliseconds(end),
            Hash = metadata.Hash,
            Framing = metadata.Framing,
            Delimiter = metadata.Delimiter,
            Encoding = metadata.Encoding,
            Compression = metadata.Compression,
            ContentType = ContentType(metadata, compressors),
        };
    }

    private static string ContentType(ObjectMetadata metadata, ReaderCompressors compressors)
    {
        FrameKind? kind = compressors.FindKind(metadata.Compression);
        return kind == FrameKind.None && Framing.Find(metadata.Framing, metadata.Encoding, metadata.Delimiter) is { } framing
            ? framing.ContentType
            : kind?.ContentType ?? "application/octet-stream";
    }

    /// <summary>
    /// By stream, writer, ordinal. Epochs are random and do not sort: those of one lane follow each other by their first
    /// ordinal, which runs on from epoch to epoch; by time only where a wiped disk made it begin again.
    /// </summary>
    public static IEnumerable<JournalObject> Order(IEnumerable<JournalObject> objects) => objects
        .GroupBy(o => (o.Stream, o.Source, o.Lane, o.Epoch))
        .OrderBy(g => g.Key.Stream, StringComparer.Ordinal)
        .ThenBy(g => g.Key.Source, StringComparer.Ordinal)
        .ThenBy(g => g.Key.Lane)
        .ThenBy(g => g.Min(o => o.Ordinal))
        .ThenBy(g => g.Min(o => o.Start))
        .ThenBy(g => g.Key.Epoch, StringComparer.Ordinal)
        .SelectMany(g => g.OrderBy(o => o.Ordinal).ThenBy(o => o.Key, StringComparer.Ordinal));
}
