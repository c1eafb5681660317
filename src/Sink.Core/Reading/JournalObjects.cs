using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Payloads;

namespace Sink.Core.Reading;

/// <summary>From what a store lists to what a reader sees: metadata to objects, and their order.</summary>
internal static class JournalObjects
{
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
            End = DateTimeOffset.FromUnixTimeMilliseconds(metadata.End ?? metadata.Start),
            Hash = metadata.Hash,
            Framing = metadata.Framing,
            Delimiter = metadata.Delimiter,
            Encoding = metadata.Encoding,
            Compression = metadata.Compression,
            ContentType = ContentType(metadata, compressors),
        };
    }

    /// <summary>What another system wrote; null when its metadata is not that either, or claims to be a journal's.</summary>
    public static ForeignObject? ReadForeign(StoredObject stored)
    {
        if (stored.Metadata is null || !LakeRecord.TryParse(stored.Metadata, out LakeRecord? record, out _) || record.IsOfJournal)
        {
            return null;
        }

        return new ForeignObject
        {
            Key = stored.Key,
            Length = stored.Length,
            Id = record.Id,
            Start = DateTimeOffset.FromUnixTimeMilliseconds(record.Start),
            End = record.End is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
            Where = record.Where,
            What = record.What,
            WorkId = record.WorkId,
            DataVersion = record.DataVersion,
            Path = record.Path,
            Hash = record.Hash,
            Document = stored.Metadata,
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
