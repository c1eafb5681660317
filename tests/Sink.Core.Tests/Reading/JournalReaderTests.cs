using System.Text;
using CsCheck;
using Sink.Core.Delivery;
using Sink.Core.Payloads;
using Sink.Core.Storage;
using Sink.Core.Tests.Delivery;
using Sink.Core.Tests.Payloads;

namespace Sink.Core.Tests.Reading;

public class JournalReaderTests
{
    private readonly ReaderFixture _fixture = new();

    public static TheoryData<string> Compressions => ["zstd", "gzip", "none", "snappy", "lzma"];

    [Theory]
    [MemberData(nameof(Compressions))]
    public void EntriesComeBackAsTheyWereWritten(string compression) =>
        Gen.Select(Gen.Byte.Where(b => b is not 10 and not 13).Array[0, 200].Array[0, 100], Gen.Int[0, 3]).Sample(
            (entries, longEntries) =>
            {
                ReaderFixture fixture = new();
                byte[][] all = [.. entries, .. Enumerable.Range(0, longEntries).Select(i => Enumerable.Repeat((byte)'x', 70_000 * (i + 1)).ToArray())];
                fixture.Put(ReaderFixture.NewMetadata(1, all.Length) with { Compression = compression }, ReaderFixture.Pack(all, compression));

                (List<byte[]> read, string? error) = fixture.Read(Assert.Single(fixture.List()));

                Assert.Null(error);
                Assert.Equal(all.Length, read.Count);
                Assert.All(all.Zip(read), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second)));
            },
            iter: 100);

    [Theory]
    [InlineData("zstd", "application/zstd")]
    [InlineData("gzip", "application/gzip")]
    [InlineData("none", "application/x-ndjson")]
    [InlineData("snappy", "application/x-snappy-framed")]
    [InlineData("lzma", "application/x-lzip")]
    [InlineData("brotli", "application/octet-stream")]
    public void AnObjectSaysWhatItsMetadataSays(string compression, string contentType)
    {
        ObjectMetadata metadata = ReaderFixture.NewMetadata(7, 3) with { Compression = compression, Lane = 2 };
        _fixture.Put(metadata, [1, 2, 3, 4], "some/other/name");

        JournalObject expected = new()
        {
            Key = "some/other/name",
            Id = metadata.Id,
            Stream = "orders/api",
            Source = "web01",
            Epoch = "k3x9q2",
            Lane = 2,
            Ordinal = 7,
            Entries = 3,
            RawBytes = 1_000_000,
            Length = 4,
            Start = DateTimeOffset.FromUnixTimeMilliseconds(1_000),
            End = DateTimeOffset.FromUnixTimeMilliseconds(2_000),
            Hash = metadata.Hash,
            Framing = "ndjson",
            Encoding = "clef",
            Compression = compression,
            ContentType = contentType,
        };
        Assert.Equal(expected, Assert.Single(_fixture.List()));
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void ACutAnywhereIsReportedAfterTheEntriesBeforeIt(string compression)
    {
        byte[][] entries = ReaderFixture.NewEntries(9);
        byte[] whole = ReaderFixture.Pack(entries, compression, perFrame: 3);
        for (int length = 0; length < whole.Length; length++)
        {
            ReaderFixture fixture = new();
            fixture.Put(ReaderFixture.NewMetadata(1, entries.Length) with { Compression = compression }, whole[..length], "a/b");

            (List<byte[]> read, string? error) = fixture.Read(Assert.Single(fixture.List()));

            Assert.Equal(entries[..read.Count], read);
            Assert.True(error is not null, $"cut at {length} of {whole.Length}");
            Assert.Contains("'a/b'", error);
            Assert.Contains($"{read.Count} entries", error);
        }
    }

    // A reader of old ended in silence at such a tail.
    [Theory]
    [MemberData(nameof(Framed.All), MemberType = typeof(Framed))]
    public void ATruncatedTailIsReportedInEachFraming(string name, string encoding, string? delimiter)
    {
        Framing framing = Framing.Find(name, encoding, delimiter)!;
        byte[][] entries = [.. ReaderFixture.NewEntries(6).Select(entry => Framed.NewEntry(encoding, entry))];
        byte[] whole = Framed.Write(framing, [entries[..3], entries[3..5], entries[5..]], name == "otlp-binpb" ? [0x0A, 1, 1] : default);
        ObjectMetadata metadata = ReaderFixture.NewMetadata(1, entries.Length) with { Compression = "none", Framing = name, Encoding = encoding, Delimiter = delimiter, RawBytes = whole.Length };
        for (int length = 0; length <= whole.Length; length++)
        {
            ReaderFixture fixture = new();
            fixture.Put(metadata, whole[..length], "a/b");

            (List<byte[]> read, string? error) = fixture.Read(Assert.Single(fixture.List()));

            Assert.Equal(entries[..read.Count], read);

            // Without its last line feed a document is whole all the same.
            if (length == whole.Length || (name == "otlp-jsonl" && length == whole.Length - 1))
            {
                Assert.Equal((null, entries.Length), (error, read.Count));
                continue;
            }

            Assert.True(error is not null, $"cut at {length} of {whole.Length}");
            Assert.Contains("'a/b'", error);
            Assert.Contains($"{read.Count} entries", error);
            Assert.Matches("in the middle of an entry|is cut off", error);
        }
    }

    // Its empty entries too: of one such there is no byte.
    [Theory]
    [InlineData("")]
    [InlineData("|")]
    [InlineData("||")]
    [InlineData("a|")]
    [InlineData("|a")]
    public void SeparatedEntriesAreOneMoreThanTheirDelimiters(string text)
    {
        string[] entries = text.Split('|');
        _fixture.Put(Separated(entries.Length, text.Length), Encoding.ASCII.GetBytes(text), "a/b");

        (List<byte[]> read, string? error) = _fixture.Read(Assert.Single(_fixture.List()));

        Assert.Null(error);
        Assert.Equal(entries, read.Select(Encoding.ASCII.GetString));
    }

    [Fact]
    public void AnEntryThatHoldsTheDelimiterIsNotGivenOutInSilence()
    {
        _fixture.Put(Separated(2, 5), "a|b|c"u8.ToArray(), "a/b");

        (List<byte[]> read, string? error) = _fixture.Read(Assert.Single(_fixture.List()));

        Assert.Equal(3, read.Count);
        Assert.Equal("Object 'a/b' holds 2 entries, and 3 were read: one that holds the delimiter is read as several. OpenAsync reads its bytes.", error);
    }

    [Fact]
    public async Task EntriesThatDoNotSayWhereTheyEndAreReadAsBytes()
    {
        _fixture.Put(ReaderFixture.NewMetadata(1, 2) with { Compression = "none", Framing = "concatenated", Encoding = "text" }, "ab"u8.ToArray(), "a/b");
        JournalObject found = Assert.Single(_fixture.List());

        (List<byte[]> read, string? error) = _fixture.Read(found);

        Assert.Empty(read);
        Assert.Equal("Object 'a/b' holds entries of 'text' one after the other, and nothing says where one ends. OpenAsync reads its bytes.", error);
        await using Stream content = await _fixture.Reader.OpenAsync(found);
        Assert.Equal("ab", await new StreamReader(content).ReadToEndAsync());
    }

    [Fact]
    public void ALastLineWithoutItsEndIsSaidToBeTruncated()
    {
        _fixture.Put(ReaderFixture.NewMetadata(1, 2) with { Compression = "none" }, Encoding.ASCII.GetBytes("{\"a\":1}\n{\"b\""), "a/b");

        (List<byte[]> read, string? error) = _fixture.Read(Assert.Single(_fixture.List()));

        Assert.Single(read);
        Assert.Equal("Object 'a/b' ends in the middle of an entry after 1 entries.", error);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void ACountThatDiffersFromTheMetadataIsReported(int claimed)
    {
        byte[][] entries = ReaderFixture.NewEntries(3);
        _fixture.Put(ReaderFixture.NewMetadata(1, claimed) with { RawBytes = entries.Sum(static entry => entry.Length + 1) }, ReaderFixture.Pack(entries, "zstd"), "a/b");

        (List<byte[]> read, string? error) = _fixture.Read(Assert.Single(_fixture.List()));

        Assert.Equal(entries, read);
        Assert.Equal($"Object 'a/b' holds 3 entries where its metadata says {claimed}.", error);
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void RotIsReportedAndFramesBeforeItComeOut(string compression)
    {
        byte[][] entries = ReaderFixture.NewEntries(100);
        byte[] rotten = ReaderFixture.Pack(entries, compression, perFrame: 50);
        int first = ReaderFixture.Pack(entries[..50], compression).Length;
        rotten[first + ((rotten.Length - first) / 2)] ^= 0x10;
        _fixture.Put(ReaderFixture.NewMetadata(1, 100) with { Compression = compression }, rotten, "a/b");

        (List<byte[]> read, string? error) = _fixture.Read(Assert.Single(_fixture.List()));

        Assert.Equal(entries[..50], read[..50]);
        if (compression != "none")
        {
            Assert.Contains("'a/b' ", error);
        }
    }

    [Fact]
    public void AnEntryThatNeverEndsDoesNotFillTheMemory()
    {
        byte[] endless = ReaderFixture.Pack([new byte[50_000_000]], "zstd");
        _fixture.Put(ReaderFixture.NewMetadata(1, 1) with { RawBytes = 1_000 }, endless);

        (_, string? error) = _fixture.Read(Assert.Single(_fixture.List()));

        Assert.Contains("the next does not end", error);
    }

    [Fact]
    public void ObjectsAreOrderedByStreamThenWriterThenOrdinal()
    {
        // Listed by key, so the keys are in another order. Epoch "zz" comes before "aa": its ordinals are lower.
        (string Stream, string Source, int Lane, string Epoch, long Ordinal)[] expected =
        [
            ("a", "web01", 0, "zzzzzz", 1),
            ("a", "web01", 0, "zzzzzz", 2),
            ("a", "web01", 0, "aaaaaa", 3),
            ("a", "web01", 1, "mmmmmm", 1),
            ("a", "web02", 0, "bbbbbb", 2),
            ("a", "web02", 0, "bbbbbb", 10),
            ("b", "web01", 0, "zzzzzz", 4),
        ];
        foreach ((int i, (string Stream, string Source, int Lane, string Epoch, long Ordinal) o) in expected.Index())
        {
            ObjectMetadata metadata = ReaderFixture.NewMetadata(o.Ordinal) with { Stream = o.Stream, Source = o.Source, Lane = o.Lane, Epoch = o.Epoch };
            _fixture.Put(metadata, key: $"{(i * 5) % 7}");
        }

        Assert.Equal(expected, _fixture.List().Select(o => (o.Stream, o.Source, o.Lane, o.Epoch, o.Ordinal)));
        Assert.Equal([4L], _fixture.List("b").Select(o => o.Ordinal));
        Assert.Empty(_fixture.List("c"));
    }

    [Fact]
    public void AWriterWhoseDiskWasWipedComesAgainAfterItself()
    {
        foreach (string epoch in new[] { "zzzzzz", "aaaaaa" })
        {
            for (int ordinal = 1; ordinal <= 3; ordinal++)
            {
                long time = (epoch == "zzzzzz" ? 0 : 100_000) + ordinal;
                _fixture.Put(ReaderFixture.NewMetadata(ordinal) with { Epoch = epoch, Start = time, End = time });
            }
        }

        Assert.Equal([1L, 2, 3, 100_001, 100_002, 100_003], _fixture.List().Select(o => o.Start.ToUnixTimeMilliseconds()));
    }

    [Theory]
    [InlineData(null, null, new long[] { 1, 2, 3 })]
    [InlineData(200L, null, new long[] { 1, 2, 3 })]
    [InlineData(201L, null, new long[] { 2, 3 })]
    [InlineData(null, 99L, new long[] { })]
    [InlineData(null, 100L, new long[] { 1 })]
    [InlineData(220L, 250L, new long[] { 2 })]
    [InlineData(401L, null, new long[] { })]
    public void ATimeRangeTakesWhatItTouches(long? from, long? to, long[] ordinals)
    {
        (long, long)[] times = [(100, 200), (150, 300), (400, 400)];
        foreach ((int i, (long start, long end)) in times.Index())
        {
            _fixture.Put(ReaderFixture.NewMetadata(i + 1) with { Start = start, End = end });
        }

        Assert.Equal(ordinals, _fixture.List(from: from, to: to).Select(o => o.Ordinal));
    }

    [Theory]
    [InlineData(null, new long[] { 3, 4, 5 })]
    [InlineData("America/New_York", new long[] { 2, 3, 4, 5 })]
    [InlineData("America/St_Johns", new long[] { 5 })]
    public void TheLatestDateIsThatOfTheStreamsNewestEntry(string? zone, long[] ordinals)
    {
        // By their ends; the newest of all is another stream's.
        DateTimeOffset day = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        (string Stream, double Start, double End)[] times =
        [
            ("orders/api", -30, -29), ("orders/api", 4, 23.9), ("orders/api", 23.9, 24), ("orders/api", 26, 27), ("orders/api", 27.5, 28), ("orders/web", 70, 71),
        ];
        foreach ((int i, (string stream, double start, double end)) in times.Index())
        {
            _fixture.Put(ReaderFixture.NewMetadata(i + 1) with { Stream = stream, Start = day.AddHours(start).ToUnixTimeMilliseconds(), End = day.AddHours(end).ToUnixTimeMilliseconds() });
        }

        IEnumerable<JournalObject> Latest(string stream) =>
            _fixture.Reader.ListLatestDateAsync(stream, zone is null ? null : TimeZoneInfo.FindSystemTimeZoneById(zone), CancellationToken.None).ToBlockingEnumerable();
        Assert.Equal(ordinals, Latest("orders/api").Select(static o => o.Ordinal));
        Assert.Equal([6L], Latest("orders/web").Select(static o => o.Ordinal));
        Assert.Empty(Latest("orders"));
    }

    [Fact]
    public void ObjectsWithoutReadableMetadataAreLeftOutAndNamed()
    {
        _fixture.Put(ReaderFixture.NewMetadata(1));
        _fixture.Put("bad", [], "{\"version\":0}");
        _fixture.Put("worse", [], "not json");
        _fixture.Put("ageless", [], (ReaderFixture.NewMetadata(2) with { Start = long.MinValue, End = long.MaxValue }).Serialize(out _));
        _fixture.PutForeignFile("README");

        Assert.Single(_fixture.List());
        Assert.Equal(["'README' is left out: it has no metadata.", "'ageless'", "'bad'", "'worse'"], _fixture.Reader.Warnings.Select((w, i) => i == 0 ? w : w.Split(' ')[0]));

        _fixture.List();
        Assert.Equal(4, _fixture.Reader.Warnings.Count);
    }

    [Fact]
    public void WarningsAreBounded()
    {
        for (int i = 0; i < 1_200; i++)
        {
            _fixture.PutForeignFile($"file{i}");
        }

        Assert.Empty(_fixture.List());
        Assert.Equal(1_000, _fixture.Reader.Warnings.Count);
        Assert.Equal("201 more are left out.", _fixture.Reader.Warnings[^1]);
    }

    [Fact]
    public void WhatThisVersionDoesNotKnowIsSaid()
    {
        _fixture.Put(ReaderFixture.NewMetadata(1) with { Compression = "brotli" }, key: "a");
        _fixture.Put(ReaderFixture.NewMetadata(2) with { Framing = "csv" }, key: "b");
        List<JournalObject> objects = _fixture.List();

        Assert.Contains("'brotli'", _fixture.Read(objects[0]).Error);
        Assert.Contains("'csv'", _fixture.Read(objects[1]).Error);
        Assert.Contains("no longer", _fixture.Read(objects[1] with { Key = "c", Framing = "ndjson" }).Error);
    }

    [Fact]
    public async Task ADirectoryOfTheRealDiskIsReadByItsAddress()
    {
        string path = Path.Combine(Path.GetTempPath(), $"s3journal reader {Guid.NewGuid():N}");
        try
        {
            byte[][] entries = ReaderFixture.NewEntries(1000);
            byte[] bytes = ReaderFixture.Pack(entries, "gzip");
            using (DirectoryStore store = new(DiskDirectory.OpenPath(path), path))
            {
                ObjectPut put = new StoreFixture().NewPut(bytes, (ReaderFixture.NewMetadata(1, 1000) with { Compression = "gzip" }).Serialize(out _));
                Assert.Equal(PutOutcome.Stored, (await store.PutAsync(put, CancellationToken.None)).Outcome);
                Assert.Equal(PutOutcome.AlreadyThere, (await store.PutAsync(put, CancellationToken.None)).Outcome);
            }

            using JournalReader reader = JournalReader.Open(new Uri(path).AbsoluteUri);
            JournalObject found = Assert.Single(await reader.ListAsync().ToListAsync());
            List<ReadOnlyMemory<byte>> read = await reader.ReadEntriesAsync(found).ToListAsync();

            Assert.Equal(entries, read.Select(e => e.ToArray()));
            Assert.Equal(StoreFixture.Key, found.Key);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    [Fact]
    public void ADestinationThatCannotBeReadSaysWhyAndIsNotMade()
    {
        string path = Path.Combine(Path.GetTempPath(), $"s3journal-missing-{Guid.NewGuid():N}");

        Assert.Contains(path, Assert.Throws<JournalException>(() => JournalReader.Open(new Uri(path + "/deeper").AbsoluteUri)).Message);
        Assert.False(Directory.Exists(path));
        Assert.Contains("ftp", Assert.Throws<JournalException>(() => JournalReader.Open("ftp://host/dir")).Message);
    }

    private static ObjectMetadata Separated(int entries, int bytes) =>
        ReaderFixture.NewMetadata(1, entries) with { Compression = "none", Framing = "separated", Encoding = "text", Delimiter = "|", RawBytes = bytes };
}
