using System.Buffers;
using System.Text;
using System.Text.Json;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Journals;

/// <summary>Each framing, from <c>OpenStream</c> over the object to the reader.</summary>
public sealed class StreamFramingTests
{
    private static readonly DateTimeOffset _time = new(2026, 11, 22, 10, 15, 30, TimeSpan.Zero);

    public static TheoryData<StreamFraming?, string?, string?, string, string> Framings() => new()
    {
        // What is asked for, then framing and encoding in the metadata and the end of the key.
        { StreamFraming.Ndjson, null, null, "ndjson json", ".ndjson.zst" },
        { StreamFraming.JsonArray, null, null, "json-array json", ".json.zst" },
        { StreamFraming.JsonArray, "clef", null, "json-array clef", ".clef.json.zst" },
        { StreamFraming.Length, "json", null, "length json", ".length.json.zst" },
        { StreamFraming.Length, "a.b+c", null, "length a.b+c", ".length.a-b-c.zst" },
        { StreamFraming.Concatenated, null, null, "concatenated json", ".concat.json.zst" },
        { null, "msgpack", null, "concatenated msgpack", ".msgpack.zst" },
        { StreamFraming.Delimited, "text", null, "delimited text \n", ".delimited.text.zst" },
        { StreamFraming.Delimited, "json", "\u001e", "delimited json \u001e", ".delimited.json.zst" },
        { StreamFraming.Separated, "text", "\r\n--\r\n", "separated text \r\n--\r\n", ".separated.text.zst" },
        { null, "eventbuf-v2", null, "eventbuf-v2 eventbuf-v2", ".eventbuf.zst" },
        { StreamFraming.EventbufV2, null, null, "eventbuf-v2 eventbuf-v2", ".eventbuf.zst" },
        { null, "protobuf", null, "length protobuf", ".length.protobuf.zst" },
    };

    // Of 4 MiB, so that an object has several compressed frames.
    [Theory]
    [MemberData(nameof(Framings))]
    public async Task WhatIsAppendedIsReadFromTheObjectThatSuitsIt(StreamFraming? framing, string? encoding, string? delimiter, string described, string suffix)
    {
        byte[][] entries = [.. Enumerable.Range(0, 6_000).Select(i => NewEntry(described, i))];
        DirectoryInfo root = Directory.CreateTempSubdirectory("s3journal-");
        try
        {
            JournalOptions options = new() { Destination = new Uri(Path.Join(root.FullName, "store")).AbsoluteUri, LocalDirectory = Path.Join(root.FullName, "local"), MinFreeDiskBytes = 0 };
            await using (Journal journal = Journal.Open(options))
            {
                JournalStream stream = journal.OpenStream("a", new StreamOptions { Framing = framing, Encoding = encoding, Delimiter = delimiter });
                Assert.All(entries, entry => Assert.Equal(AppendResult.Stored, stream.Append(_time, entry)));
            }

            using JournalReader reader = JournalReader.Open(options);
            JournalObject found = Assert.Single(reader.ListAsync().ToBlockingEnumerable());
            Assert.EndsWith(suffix, found.Key, StringComparison.Ordinal);
            Assert.Equal(described, string.Join(' ', new[] { found.Framing, found.Encoding, found.Delimiter }.Where(static part => part is not null)));
            List<byte[]> read = [];
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                read.Add(entry.ToArray());
            }

            Assert.Equal(entries, read);
            await using Stream content = await reader.OpenAsync(found);
            Assert.True(found.RawBytes > 3 << 20);
            if (found.Framing == "json-array")
            {
                using JsonDocument document = await JsonDocument.ParseAsync(content);
                Assert.Equal(entries.Select(Encoding.UTF8.GetString), document.RootElement.EnumerateArray().Select(static entry => entry.GetRawText()));
            }
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    // Of no entry and of no byte are two things: the metadata counts it, and nothing waits for ever.
    [Theory]
    [InlineData(StreamFraming.Separated, 1, "", Compression.None)]
    [InlineData(StreamFraming.Separated, 1, "", Compression.Zstd)]
    [InlineData(StreamFraming.Separated, 3, "\n\n", Compression.None)]
    [InlineData(StreamFraming.Delimited, 1, "\n", Compression.None)]
    [InlineData(StreamFraming.Concatenated, 2, "", Compression.None)]
    [InlineData(StreamFraming.Concatenated, 2, "", Compression.Snappy)]
    public async Task AnEntryWithoutBytesIsAnEntry(StreamFraming framing, int entries, string expected, Compression compression)
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open(options => options.Compression = compression);
        JournalStream stream = journal.OpenStream("a", new StreamOptions { Framing = framing, Encoding = "text" });
        for (int i = 0; i < entries; i++)
        {
            stream.Append(_time, default);
        }

        FlushResult flushed = await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        StoredBytes found = Assert.Single(bench.Store.Objects);
        Assert.Equal((entries, expected.Length), (found.Document.Entries, found.Document.RawBytes));
        Assert.Equal(expected, Encoding.UTF8.GetString(Model.BucketObject.Decompress(found.Bytes, found.Document.Compression)));
        Assert.Equal(0, flushed.Waiting);
        Assert.Empty(bench.Failures);
    }

    [Fact]
    public async Task AnEntryThatHoldsTheDelimiterIsDeliveredAsItIsAndSaidOnce()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();
        JournalStream stream = journal.OpenStream("a", new StreamOptions { Framing = StreamFraming.Separated, Encoding = "text", Delimiter = "::" });
        foreach (string entry in (string[])["a", "b::c", "d:", "::"])
        {
            stream.Append(_time, Encoding.UTF8.GetBytes(entry));
        }

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal("a::b::c::d:::::", Encoding.UTF8.GetString(Assert.Single(bench.Store.Objects).Bytes));
        JournalFailure failure = Assert.Single(bench.Failures);
        Assert.Contains("An entry of the stream a", failure.Message, StringComparison.Ordinal);
        Assert.Contains("holds the stream's delimiter", failure.Message, StringComparison.Ordinal);
        Assert.Equal((JournalFailureKind.Permanent, 0), (failure.Kind, failure.Entries));
    }

    [Theory]
    [InlineData(StreamFraming.Ndjson, "msgpack", null, "Framing: is Ndjson, which is for text, and would change the bytes of msgpack; write Concatenated or Length")]
    [InlineData(StreamFraming.JsonArray, "msgpack", null, "Framing: is JsonArray, which is for text, and would change the bytes of msgpack; write Concatenated or Length")]
    [InlineData(StreamFraming.JsonArray, "eventbuf-v2", null, "would change the bytes of eventbuf-v2; write EventbufV2 or Length")]
    [InlineData(StreamFraming.EventbufV2, "json", null, "Encoding: is \"json\"; EventbufV2 needs eventbuf-v2")]
    [InlineData(StreamFraming.JsonArray, null, ",", "Delimiter: is set, and JsonArray has no place for one; write Delimited or Separated, or leave it out")]
    [InlineData(null, null, "\n", "Delimiter: is set, and Ndjson has no place for one")]
    [InlineData(StreamFraming.Delimited, "text", "", "Delimiter: is no text of 1 to 16 bytes of UTF-8")]
    [InlineData(StreamFraming.Separated, "text", "ééééééééé", "Delimiter: is no text of 1 to 16 bytes of UTF-8")]
    public async Task WhatWouldSpoilEntriesIsRefused(StreamFraming? framing, string? encoding, string? delimiter, string says)
    {
        await using Journal journal = new JournalBench().Open();
        StreamOptions options = new() { Framing = framing, Encoding = encoding, Delimiter = delimiter };

        JournalException exception = Assert.Throws<JournalException>(() => journal.OpenStream("a", options));

        Assert.True(exception.IsConfiguration);
        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherDelimiterIsAnotherStream()
    {
        await using Journal journal = new JournalBench().Open();
        JournalStream first = journal.OpenStream("a", new StreamOptions { Framing = StreamFraming.Delimited, Encoding = "text" });

        Assert.Same(first, journal.OpenStream("a", new StreamOptions { Framing = StreamFraming.Delimited, Encoding = "text", Delimiter = "\n" }));
        JournalException exception = Assert.Throws<JournalException>(() => journal.OpenStream("a", new StreamOptions { Framing = StreamFraming.Delimited, Encoding = "text", Delimiter = "|" }));
        Assert.Contains("- Delimiter: \\n and |", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARulesDelimiterIsItsFramings()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open(static options => options.Streams = [new StreamRule { Match = "*", Framing = StreamFraming.Delimited, Delimiter = "|", Encoding = "text" }]);

        journal.GetStream("a").Append(_time, "1"u8);
        journal.OpenStream("b", new StreamOptions { Framing = StreamFraming.Separated }).Append(_time, "2"u8);
        journal.OpenStream("c", new StreamOptions { Framing = StreamFraming.JsonArray }).Append(_time, "3"u8);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal(
            ["a delimited | 1|", "b separated \n 2", "c json-array  [3]"],
            bench.Store.Objects.Select(static found => $"{found.Document.Stream} {found.Document.Framing} {found.Document.Delimiter} {Encoding.UTF8.GetString(found.Bytes)}").Order(StringComparer.Ordinal));
    }

    private static byte[] NewEntry(string described, int i)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new { i, text = "]},[{::\"" + new string((char)('a' + (i % 26)), 100 + (i * 7919 % 1_000)) });
        if (described.EndsWith("eventbuf-v2", StringComparison.Ordinal))
        {
            ArrayBufferWriter<byte> output = new();
            Eventbuf.Write(output, Encoding.ASCII.GetBytes($"[\"web01\",{i}]"), "\"pageview\""u8, json, _time);
            return output.WrittenSpan.ToArray();
        }

        // A map of one: "json", to a str of 16 bits.
        return described.EndsWith("msgpack", StringComparison.Ordinal) ? [0x81, 0xA4, .. "json"u8, 0xDA, (byte)(json.Length >> 8), (byte)json.Length, .. json] : json;
    }
}
