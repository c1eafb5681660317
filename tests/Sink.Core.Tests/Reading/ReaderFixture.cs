using System.Buffers;
using System.Text;
using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Payloads;
using Sink.Core.Tests.Delivery;

namespace Sink.Core.Tests.Reading;

/// <summary>Objects as a journal would deliver them, in a store in memory.</summary>
internal sealed class ReaderFixture
{
    private readonly StoreFixture _store = new();

    public ReaderFixture()
    {
        Reader = new JournalReader(_store.Store);
    }

    public JournalReader Reader { get; }

    public static byte[][] NewEntries(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Encoding.UTF8.GetBytes($"{{\"@t\":\"2026-11-22T10:15:00Z\",\"n\":{i * 7919}}}"))];

    public static ObjectMetadata NewMetadata(long ordinal, long entries = 0) => new()
    {
        Start = 1_000,
        End = 2_000,
        Id = RandomSource.System.NextHex(),
        Hash = new string('0', 32),
        Source = "web01",
        Stream = "orders/api",
        Entries = entries,
        RawBytes = 1_000_000,
        Framing = "ndjson",
        Encoding = "clef",
        Compression = "zstd",
        Epoch = "k3x9q2",
        Lane = 0,
        Ordinal = ordinal,
        FirstPosition = 0,
        LastPosition = 0,
        Previous = null,
        Settled = 0,
    };

    /// <summary>Entries framed and compressed, so many to a compressed frame.</summary>
    public static byte[] Pack(byte[][] entries, string compression, int perFrame = 50)
    {
        using Compressor compressor = Compressors.FromName(compression)!;
        ArrayBufferWriter<byte> output = new();
        foreach (byte[][] frame in entries.Chunk(perFrame))
        {
            ArrayBufferWriter<byte> raw = new();
            foreach (byte[] entry in frame)
            {
                NdjsonFraming.Instance.Write(raw, entry, isFirst: false);
            }

            compressor.Compress(raw.WrittenSpan, output);
        }

        return output.WrittenSpan.ToArray();
    }

    public void Put(ObjectMetadata metadata, byte[]? bytes = null, string? key = null) =>
        Put(key ?? $"{metadata.Stream}/{metadata.Ordinal:000000000000}-{metadata.Id}", bytes ?? [], metadata.Serialize(out _));

    public void Put(string key, byte[] bytes, string metadata) =>
        Assert.Equal(PutOutcome.Stored, _store.Put(_store.NewPut(bytes, metadata, key)).Outcome);

    public void PutForeignFile(string name) => _store.Disk.Root.Create(name).Dispose();

    public List<JournalObject> List(string? stream = null, long? from = null, long? to = null) => Reader
        .ListAsync(stream, AtMilliseconds(from), AtMilliseconds(to), CancellationToken.None)
        .ToBlockingEnumerable().ToList();

    /// <summary>Entries that came out, and the message of the exception that ended them.</summary>
    public (List<byte[]> Entries, string? Error) Read(JournalObject journalObject)
    {
        List<ReadOnlyMemory<byte>> entries = [];
        string? error = null;
        try
        {
            foreach (ReadOnlyMemory<byte> entry in Reader.ReadEntriesAsync(journalObject).ToBlockingEnumerable())
            {
                entries.Add(entry);
            }
        }
        catch (JournalException e)
        {
            error = e.Message;
        }

        // Copied only now: an entry stays valid after later ones were read.
        return ([.. entries.Select(e => e.ToArray())], error);
    }

    private static DateTimeOffset? AtMilliseconds(long? value) =>
        value is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
