using System.Text;
using Sink.Core.Delivery;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Reading;
using Sink.Core.Storage;
using Sink.Core.Tests.Format;

namespace Sink.Core.Tests.Fuzz;

/// <summary>The readers of names, keys, settings and metadata documents: all of them texts.</summary>
internal static class TextTargets
{
    public static IEnumerable<FuzzTarget> All =>
    [
        new FuzzTarget("metadata", 80, [GoldenFile.Read("metadata.json")], ReadMetadata),
        new FuzzTarget("foreign metadata", 60, [GoldenFile.Read("foreign.json"), GoldenFile.Read("metadata.json")], ReadForeign),
        new FuzzTarget("packing settings", 10, Texts("ndjson\nZstd\n1\nyyyy/MM/dd\nUTC", "ndjson\nown .own application/x-own\n0\nyyyy/MM\nEurope/Berlin"), ReadPacking),
        new FuzzTarget("file names", 60, Texts("0000000003-0000000000000008.segment", "000000000042-00000000000b-1-150cfc88-3.sealed", "00000000000b-1.object", "ring.20261122T101500Z.damaged", "0000000003-0000000000000008.segment.20261122T101500Z.2.damaged"), ReadName),
        new FuzzTarget("keys and stream names", 40, Texts("orders/api/2026/11/22/101500-web01-k3x9q2-000000000042.ndjson.zst", "orders/api"), ReadKey),
    ];

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static bool ReadMetadata(byte[] bytes)
    {
        if (!ObjectMetadata.TryParse(TextOf(bytes), out ObjectMetadata? metadata, out string error))
        {
            Assert.NotEmpty(error);
            return false;
        }

        Assert.Null(StreamName.Validate(metadata.Stream));
        Assert.True(metadata.Entries >= 0 && metadata.RawBytes >= 0 && metadata.Ordinal is >= 0 and <= ObjectKey.MaxOrdinal);
        return true;
    }

    private static bool ReadForeign(byte[] bytes)
    {
        string text = TextOf(bytes);
        if (!LakeRecord.TryParse(text, out LakeRecord? record, out string error))
        {
            Assert.NotEmpty(error);

            // A journal's document is a record first.
            Assert.False(ObjectMetadata.TryParse(text, out _, out _));
            return false;
        }

        string plain = record.Where + record.What + record.WorkId;
        Assert.All(plain, static c => Assert.Contains(c, "abcdefghijklmnopqrstuvwxyz0123456789_-"));
        Assert.True(record.Where.Length > 0 && record.What.Length > 0 && record.WorkId is not ("" or "null"));
        Assert.True(record.DataVersion is null || (record.DataVersion.Length > 0 && record.DataVersion.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')));
        Assert.True(record.Id.Length > 0 && !record.Id.Any(char.IsControl));
        Assert.True(record.Path is null || record.Path[0] == '/' || record.Path[1] == ':');
        Assert.True(record.End is null || record.End >= record.Start);
        _ = DateTimeOffset.FromUnixTimeMilliseconds(record.Start).AddMilliseconds((record.End ?? record.Start) - record.Start);
        JournalObject? ours = JournalObjects.Read(new StoredObject("x", 1, text), new ReaderCompressors(), out _);
        ForeignObject? foreign = JournalObjects.ReadForeign(new StoredObject("x", 1, text));
        Assert.True(ours is null || foreign is null);
        Assert.Equal(record.IsOfJournal, foreign is null);
        return true;
    }

    private static bool ReadPacking(byte[] bytes)
    {
        if (PackingSettings.TryParse(TextOf(bytes)) is not { } packing)
        {
            return false;
        }

        Assert.True(StoreKey.IsInside($"x{packing.Kind.Suffix}"), packing.Kind.Suffix);
        Assert.True(StoreKey.IsInside(packing.CreatePartitionFormat().Format(639_309_393_000_000_000)));
        Assert.Equal(packing, PackingSettings.TryParse(packing.ToString()));
        return true;
    }

    private static bool ReadName(byte[] bytes)
    {
        string text = TextOf(bytes);
        bool isOurs = false;
        if (SegmentName.TryParse(text, out SegmentName segment))
        {
            isOurs = true;
            Assert.Equal(text, segment.ToString());
        }

        if (SealedName.TryParse(text, out SealedName name))
        {
            isOurs = true;
            Assert.Equal(text, name.ToString());
            Assert.DoesNotContain('/', name.DataName);
            Assert.True(name is { Ordinal: >= 0, Entries: >= 0, Generation: >= 0 });
        }

        if (StagedName.TryParse(text, out long id, out int generation))
        {
            isOurs = true;
            Assert.Equal(text, StagedName.Of(id, generation));
        }

        return isOurs | Quarantine.TryParse(text, out _);
    }

    private static bool ReadKey(byte[] bytes)
    {
        string text = TextOf(bytes);
        bool isInside = StoreKey.IsInside(text);
        bool isStream = StreamName.Validate(text) is null;
        if (isInside || isStream || StoreKey.Check(text) is null)
        {
            // Whatever one of them takes stays below a root.
            Assert.StartsWith("/root/", Path.GetFullPath(Path.Join("/root", text)), StringComparison.Ordinal);
        }

        Assert.True(isInside || (!isStream && StoreKey.Check(text) is not null));
        _ = StoreKey.OwnerOfTemporary(text);
        Assert.Null(StreamName.Validate(StreamName.EncodeValue(text)));
        return isInside && isStream;
    }

    /// <summary>As a lossy reader would, with a lone surrogate for a byte that no UTF-8 has.</summary>
    private static string TextOf(byte[] bytes)
    {
        int at = Array.IndexOf(bytes, (byte)0xFE);
        return at < 0 ? Encoding.UTF8.GetString(bytes) : $"{Encoding.UTF8.GetString(bytes, 0, at)}\uD800{Encoding.UTF8.GetString(bytes, at + 1, bytes.Length - at - 1)}";
    }
}
