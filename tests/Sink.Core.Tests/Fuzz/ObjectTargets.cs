using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Payloads;
using Sink.Core.Reading;
using Sink.Core.Tests.Payloads;
using Sink.Core.Tests.Reading;

namespace Sink.Core.Tests.Fuzz;

/// <summary>The readers of an object's contents, one for each compression.</summary>
internal static class ObjectTargets
{
    /// <summary>What a case may decompress to, before the rest is left alone.</summary>
    private const int MostEntryBytes = 4 << 20;

    private static readonly (string Name, string Encoding, string? Delimiter)[] _framings =
    [
        ("otlp-jsonl", "otlp-logs", null),
        ("otlp-json", "otlp-traces", null),
        ("otlp-binpb", "otlp-logs", null),
        ("length", "unknown", null),
        ("json-array", "json", null),
        ("concatenated", "json", null),
        ("concatenated", "msgpack", null),
        ("delimited", "text", "||"),
        ("separated", "text", "||"),
        ("eventbuf-v2", "eventbuf-v2", null),
    ];

    public static IEnumerable<FuzzTarget> All => [.. Compressed, .. Splitters];

    // Any bytes are separated entries: as the reader does, by the count of bytes that the metadata has.
    private static IEnumerable<FuzzTarget> Splitters => _framings.Select(static framing => new FuzzTarget(
        $"{framing.Name} of {framing.Encoding} object",
        20,
        [NewFramed(framing, 1), NewFramed(framing, 7)],
        bytes => Split(Find(framing).CreateSplitter(), bytes) && (framing.Name != "separated" || bytes.Length == NewFramed(framing, 1).Length || bytes.Length == NewFramed(framing, 7).Length))
    {
        Documented = [typeof(InvalidDataException)],
    });

    private static IEnumerable<FuzzTarget> Compressed => FrameKind.BuiltIn.Select(kind => new FuzzTarget(
        $"{kind.Name} object",
        kind.Name == "lzma" ? 10 : 30,
        [Object(kind.Name, 3), Object(kind.Name, 40)],
        bytes => Read(kind.Name, bytes))
    {
        Documented = [typeof(JournalException)],

        // lzip's dictionary is made room for before its text is seen, up to 64 MiB.
        MostAllocated = kind.Name == "lzma" ? (64 << 20) + (1 << 20) : 24 << 20,
    });

    private static byte[] NewFramed((string Name, string Encoding, string? Delimiter) framing, int entries)
    {
        byte[] header = framing.Name == OtlpProtobufFraming.FramingName ? [0x0A, 1, 1] : [.. "\"resource\":{\"r\":1}"u8];
        return Framed.Write(Find(framing), [.. ReaderFixture.NewEntries(entries).Select(entry => Framed.NewEntry(framing.Encoding, entry)).Chunk(4)], header);
    }

    private static Framing Find((string Name, string Encoding, string? Delimiter) framing) => Framing.Find(framing.Name, framing.Encoding, framing.Delimiter)!;

    private static bool Split(EntrySplitter splitter, ReadOnlySpan<byte> bytes)
    {
        while (splitter.TrySplit(bytes, out Range entry, out int consumed))
        {
            (int start, int length) = entry.GetOffsetAndLength(bytes.Length);
            Assert.InRange(consumed, start + length, bytes.Length);
            Assert.True(consumed > 0);
            bytes = bytes[consumed..];
        }

        return splitter.EndsEntry || splitter.IsEnd(bytes);
    }

    private static byte[] Object(string compression, int entries) => ReaderFixture.Pack(ReaderFixture.NewEntries(entries), compression, perFrame: 10);

    private static bool Read(string compression, byte[] bytes)
    {
        using Compressor compressor = Compressors.FromName(compression)!;
        using Stream content = compressor.Decompress(new MemoryStream(bytes));

        // The count in the metadata is the last check; of a sample both are right.
        foreach (int count in (ReadOnlySpan<int>)[3, 40])
        {
            if (bytes.AsSpan().SequenceEqual(Object(compression, count)))
            {
                return true;
            }
        }

        ObjectMetadata metadata = ReaderFixture.NewMetadata(1, entries: 40);
        JournalObject described = JournalObjects.Read(new StoredObject("orders/api/x", bytes.Length, metadata.Serialize(out _)), new ReaderCompressors(), out _)!;
        EntryReader entries = new(content, NdjsonFraming.Instance.CreateSplitter(), described);
        int read = 0;
        while (entries.ReadAsync(default).AsTask().GetAwaiter().GetResult() is { } entry && read < MostEntryBytes)
        {
            read += entry.Length;
        }

        return true;
    }
}
