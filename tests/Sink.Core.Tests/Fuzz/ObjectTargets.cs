using System.Buffers;
using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Packing;
using Sink.Core.Payloads;
using Sink.Core.Reading;
using Sink.Core.Tests.Reading;

namespace Sink.Core.Tests.Fuzz;

/// <summary>The readers of an object's contents, one for each compression.</summary>
internal static class ObjectTargets
{
    /// <summary>What a case may decompress to, before the rest is left alone.</summary>
    private const int MostEntryBytes = 4 << 20;

    private static readonly (string Name, string Encoding)[] _framings = [("otlp-jsonl", "otlp-logs"), ("otlp-json", "otlp-traces"), ("otlp-binpb", "otlp-logs"), ("length", "unknown")];

    public static IEnumerable<FuzzTarget> All => [.. Compressed, .. Framed];

    private static IEnumerable<FuzzTarget> Framed => _framings.Select(static framing => new FuzzTarget(
        $"{framing.Name} object",
        20,
        [NewFramed(framing, 1), NewFramed(framing, 7)],
        bytes => Split(Framing.Find(framing.Name, framing.Encoding)!.CreateSplitter(), bytes))
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

    private static byte[] NewFramed((string Name, string Encoding) framing, int entries)
    {
        Framing written = Framing.Find(framing.Name, framing.Encoding)!;
        using PooledBuffer buffer = new();
        buffer.Write(written.ObjectPrefix);
        int start = buffer.Length;
        written.Open(buffer, framing.Name == OtlpProtobufFraming.FramingName ? [0x0A, 1, 1] : "\"resource\":{\"r\":1}"u8, isFirst: true);
        for (int i = 0; i < entries; i++)
        {
            written.Write(buffer, ReaderFixture.NewEntries(entries)[i], isFirst: i == 0);
        }

        written.Close(buffer, buffer.Written[start..]);
        buffer.Write(written.ObjectSuffix);
        return buffer.Written.ToArray();
    }

    private static bool Split(EntrySplitter splitter, ReadOnlySpan<byte> bytes)
    {
        while (splitter.TrySplit(bytes, out Range entry, out int consumed))
        {
            (int start, int length) = entry.GetOffsetAndLength(bytes.Length);
            Assert.InRange(consumed, start + length, bytes.Length);
            Assert.True(consumed > 0);
            bytes = bytes[consumed..];
        }

        return splitter.IsEnd(bytes);
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
