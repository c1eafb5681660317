using System.Text;
using System.Text.Json;
using Sink.Core.Tests.Compressing;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Journals;

/// <summary>Streams with options of their own, from <c>OpenStream</c> to the object.</summary>
public sealed class StreamOptionsTests
{
    private static readonly DateTimeOffset _time = new(2026, 11, 22, 10, 15, 30, TimeSpan.Zero);

    [Fact]
    public async Task AnObjectIsAsTheStreamsOptionsSay()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open(static options => options.Shards = 1);
        JournalStream stream = journal.OpenStream("otel/logs", Collector("""
            "resource":{"attributes":[]}
            """));
        stream.Append(_time, """{"scope":{"name":"a"}}"""u8);
        stream.Append(_time, """{"scope":{"name":"b"}}"""u8);
        journal.GetStream("orders").Append(_time, "{}"u8);

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        StoredBytes found = bench.Store.Objects.Single(static o => o.Document.Stream == "otel/logs");
        Assert.Matches("^0/otel/logs/year=2026/month=11/day=22/hour=10/minute=15/logs_[0-9]{6}-web01-[0-9a-z]{6}-[0-9]{12}[.]json$", found.Key);
        Assert.Equal("""{"resourceLogs":[{"resource":{"attributes":[]},"scopeLogs":[{"scope":{"name":"a"}},{"scope":{"name":"b"}}]}]}""", Encoding.UTF8.GetString(found.Bytes));
        Assert.Equal(("otlp-json", "otlp-logs", 2, found.Bytes.Length), (found.Document.Framing, found.Document.Encoding, found.Document.Entries, found.Document.RawBytes));
        Assert.StartsWith("0/orders/2026/11/22/", bench.Store.Objects.Single(static o => o.Document.Stream == "orders").Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheReaderGivesEntriesAsTheyWereAppended()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("s3journal-");
        try
        {
            JournalOptions options = new() { Destination = new Uri(Path.Join(root.FullName, "store")).AbsoluteUri, LocalDirectory = Path.Join(root.FullName, "local"), MinFreeDiskBytes = 0 };
            string[] entries = [.. Enumerable.Range(0, 5000).Select(static i => JsonSerializer.Serialize(new { i, text = "]}]}\n\"scopeSpans\":[{" + new string('x', i % 700) }))];
            StreamFraming[] framings = [StreamFraming.OtlpJsonLines, StreamFraming.OtlpJson, StreamFraming.OtlpProtobuf];
            await using (Journal journal = Journal.Open(options))
            {
                foreach (StreamFraming framing in framings)
                {
                    JournalStream stream = journal.OpenStream($"spans/{framing}", With(new StreamOptions { Framing = framing, Encoding = "otlp-traces" }, framing == StreamFraming.OtlpProtobuf ? [0x0A, 1, 1] : "\"resource\":{\"r\":1}"u8.ToArray()));
                    Assert.All(entries, entry => Assert.Equal(AppendResult.Stored, stream.Append(_time, Encoding.UTF8.GetBytes(entry))));
                }
            }

            using JournalReader reader = JournalReader.Open(options);
            List<JournalObject> objects = [.. reader.ListAsync().ToBlockingEnumerable()];
            Assert.Equal(3, objects.Count);
            foreach (JournalObject found in objects)
            {
                List<string> read = [];
                await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
                {
                    read.Add(Encoding.UTF8.GetString(entry.Span));
                }

                Assert.Equal(entries, read);
            }
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task OptionsThatCannotBeAreRefusedTogether()
    {
        await using Journal journal = new JournalBench().Open();

        JournalException exception = Assert.Throws<JournalException>(() => journal.CheckStream(With(
            new StreamOptions { Framing = StreamFraming.OtlpJson, Encoding = "json", DirectoryFormat = "year=yyyy", DirectoryTimeZone = "Nowhere/City" },
            new byte[70_000])));

        Assert.True(exception.IsConfiguration);
        Assert.Contains("Encoding: is \"json\"; OtlpJson needs otlp-logs or otlp-traces", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Header: has 70,000 bytes; at most 65,536 are possible", exception.Message, StringComparison.Ordinal);
        Assert.Contains("DirectoryFormat: has text that .NET would read", exception.Message, StringComparison.Ordinal);
        Assert.Contains("DirectoryTimeZone: \"Nowhere/City\" is not a time zone", exception.Message, StringComparison.Ordinal);

        AssertRefused(journal, "has no place for one", static o => o.UseHeader(new byte[1]));
        AssertRefused(journal, "Encoding: is \"a b\"", static o => o.Encoding = "a b");
        AssertRefused(journal, "Framing: is 77, which has no meaning", static o => o.Framing = (StreamFraming)77);
        AssertRefused(journal, "MaxObjectBytes: is 100; write 4,096 to 67,108,864", static o => o.MaxObjectBytes = 100);
        AssertRefused(journal, "MaxObjectEntries: is 0", static o => o.MaxObjectEntries = 0);
        AssertRefused(journal, "\"200\" in JSON means 200 days", static o => o.MaxObjectAge = TimeSpan.FromDays(200));
        AssertRefused(journal, "write both, or neither", static o => o.DirectoryTimeZone = "UTC");
        AssertRefused(journal, "raise it, or shorten the Header", static o => (With(o, new byte[10_000]).Framing, o.Encoding) = (StreamFraming.OtlpJsonLines, "otlp-logs"));
    }

    [Fact]
    public async Task WhatTheCollectorCannotReadIsRefusedWithTheReason()
    {
        foreach (StreamFraming framing in (StreamFraming[])[StreamFraming.OtlpJson, StreamFraming.OtlpProtobuf])
        {
            StreamOptions options = new() { Framing = framing, Encoding = "otlp-logs" };
            foreach (Compression compression in Enum.GetValues<Compression>())
            {
                await using Journal journal = new JournalBench().Open(o => o.Compression = compression);
                bool isRead = compression is Compression.None or Compression.Gzip or Compression.Zstd;
                JournalException? refusal = Record.Exception(() => journal.CheckStream(options)) as JournalException;
                Assert.Equal(isRead, refusal is null);
                Assert.Contains(isRead ? "" : "passes over all else", refusal?.Message ?? "", StringComparison.Ordinal);
            }

            await using Journal own = new JournalBench().Open(static o => o.UseCompressor(static () => new OwnCompressor()));
            Assert.Contains("the stream's Compression is own", Assert.Throws<JournalException>(() => own.OpenStream("a", options)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AStreamHasTheOptionsOfItsFirstUser()
    {
        await using Journal journal = new JournalBench().Open();
        JournalStream first = journal.OpenStream("otel/logs", Collector("\"resource\":{}"));
        _ = journal.GetStream("plain");

        Assert.Same(first, journal.OpenStream("otel/logs", Collector("\"resource\":{}")));
        Assert.Same(journal.GetStream("plain"), journal.OpenStream("plain", new StreamOptions()));
        AssertOther(() => journal.OpenStream("otel/logs", Collector("\"resource\":{\"r\":1}")), "Header: of 13 and of 18 bytes");
        AssertOther(() => journal.GetStream("otel/logs"), "Framing: otlp-json and ndjson");
        AssertOther(() => journal.OpenStream("plain", Collector("\"resource\":{}")), "DirectoryTimeZone: not set and UTC");
        Assert.Throws<ArgumentException>(() => journal.OpenStream("a//b", Collector("\"resource\":{}")));
    }

    [Fact]
    public async Task BeyondTheBoundOfStreamsNoneIsOpenedWithOptions()
    {
        await using Journal journal = new JournalBench().Open(static options => options.MaxStreams = 1);
        _ = journal.GetStream("plain");

        JournalException exception = Assert.Throws<JournalException>(() => journal.OpenStream("otel/logs", Collector("\"resource\":{}")));

        Assert.Contains("There are 1 streams (MaxStreams)", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.IsConfiguration);
        await using Journal other = new JournalBench().Open();
        Assert.Contains("has no options of its own", Assert.Throws<JournalException>(() => other.OpenStream("_overflow", Collector("\"resource\":{}"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeadersAreBoundedInTheirSum()
    {
        await using Journal journal = new JournalBench().Open(static options => (options.RingBytes, options.MaxEntryBytes) = (1 << 20, 100 << 10));
        static StreamOptions Own(int n) => Collector("\"resource\":{}" + new string(' ', 65_000 + n));
        for (int n = 0; n < 257; n++)
        {
            _ = journal.OpenStream($"s{n}", Own(n));
        }

        Assert.Contains("16 MiB together", Assert.Throws<JournalException>(() => journal.OpenStream("more", Own(300))).Message, StringComparison.Ordinal);
        _ = journal.OpenStream("same", Own(0));
    }

    [Fact]
    public async Task AStreamsOwnLimitsSealItsObjects()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();
        JournalStream few = journal.OpenStream("few", new StreamOptions { MaxObjectEntries = 3 });
        JournalStream young = journal.OpenStream("young", new StreamOptions { MaxObjectAge = TimeSpan.FromMilliseconds(10) });
        JournalStream small = journal.OpenStream("small", new StreamOptions { MaxObjectBytes = 4096 });
        for (int i = 0; i < 8; i++)
        {
            few.Append(_time, Encoding.UTF8.GetBytes($"{{\"n\":{i}}}"));
        }

        young.Append(_time, "{}"u8);

        // Without a flush: two are full, and one is old.
        JournalBench.Until(() => bench.Store.Objects.Count(static o => o.Document.Stream == "few") == 2 && bench.Store.Objects.Any(static o => o.Document.Stream == "young"));
        JournalBench.Until(() => small.Append(_time, new byte[4000]) == AppendResult.Stored && bench.Store.Objects.Any(static o => o.Document.Stream == "small"));
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        StoredBytes[] found = [.. bench.Store.Objects.Where(static o => o.Document.Stream == "few").OrderBy(static o => o.Document.Ordinal)];
        Assert.Equal([3L, 3, 2], found.Select(static o => o.Document.Entries));
        Assert.Equal(Enumerable.Range(0, 8).Select(static i => $"{{\"n\":{i}}}"), found.SelectMany(static o => o.Lines));
    }

    [Fact]
    public async Task ThreadsThatAppendFirstAtOnceDefineItOnceForAll()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();
        JournalStream stream = journal.OpenStream("otel/logs", Collector("\"resource\":{}"));
        using Barrier barrier = new(4);
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(n => new Thread(() =>
        {
            barrier.SignalAndWait(JournalBench.Generous);
            stream.Append(_time, Encoding.UTF8.GetBytes($"{{\"n\":{n}}}"));
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => Assert.True(thread.Join(JournalBench.Generous)));

        FlushResult flushed = await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal(4, flushed.Delivered);
        JournalStats stats = journal.GetStats();
        Assert.Equal((4, 0, 0), (stats.Enqueued, stats.BacklogEntries, stats.Dropped.Values.Sum()));
        using JsonDocument document = JsonDocument.Parse(Assert.Single(bench.Store.Objects).Bytes);
        Assert.Equal(4, document.RootElement.GetProperty("resourceLogs")[0].GetProperty("scopeLogs").GetArrayLength());
    }

    [Fact]
    public async Task AnotherProcessPacksWhatIsLeftAsTheFirstWouldHave()
    {
        JournalBench bench = new();
        bench.Store.GoAway();
        await using (Journal first = bench.Open(static options => options.ShutdownTimeout = TimeSpan.Zero))
        {
            first.OpenStream("otel/logs", Collector("\"resource\":{\"run\":1}")).Append(_time, "{\"n\":1}"u8);
            await first.CommitAsync().WaitAsync(JournalBench.Generous);
        }

        bench.Store.ComeBack();
        await using Journal second = bench.Open();
        second.OpenStream("otel/logs", Collector("\"resource\":{\"run\":2}")).Append(_time, "{\"n\":2}"u8);
        await second.FlushAsync().WaitAsync(JournalBench.Generous);

        // One object, or one each: what was left open goes on.
        IEnumerable<JsonElement> resources = bench.Store.Objects.OrderBy(static o => o.Document.Ordinal).SelectMany(static o => JsonDocument.Parse(o.Bytes).RootElement.GetProperty("resourceLogs").EnumerateArray());
        Assert.Equal(["""{"resource":{"run":1},"scopeLogs":[{"n":1}]}""", """{"resource":{"run":2},"scopeLogs":[{"n":2}]}"""], resources.Select(static resource => resource.GetRawText()));
    }

    [Fact]
    public async Task AnEntryWhoseDefinitionFindsNoRoomIsDroppedAndCountedOnce()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open(static options =>
        {
            options.StallAfter = TimeSpan.FromMilliseconds(10);
            options.ShutdownTimeout = TimeSpan.Zero;
        });
        bench.Disk.Fault = static call => call.Kind == DiskCallKind.Sync ? new IOException("fails") : null;
        JournalStream plain = journal.GetStream("plain");
        JournalBench.Until(() => plain.Append(_time, new byte[8000]) == AppendResult.Dropped);
        long before = journal.GetStats().Dropped.Values.Sum();

        Assert.Equal(AppendResult.Dropped, journal.OpenStream("otel/logs", Collector("\"resource\":{}")).Append(_time, new byte[8000]));

        Assert.Equal(before + 1, journal.GetStats().Dropped.Values.Sum());
        bench.Disk.Fault = null;
    }

    private static StreamOptions Collector(string header) => With(
        new StreamOptions
        {
            Framing = StreamFraming.OtlpJson,
            Encoding = "otlp-logs",
            DirectoryFormat = "'year='yyyy/'month='MM/'day='dd/'hour='HH/'minute='mm",
            DirectoryTimeZone = "UTC",
        },
        Encoding.UTF8.GetBytes(header));

    private static StreamOptions With(StreamOptions options, byte[] header)
    {
        options.UseHeader(header);
        return options;
    }

    private static void AssertRefused(Journal journal, string says, Action<StreamOptions> change)
    {
        StreamOptions options = new();
        change(options);
        JournalException exception = Assert.Throws<JournalException>(() => journal.OpenStream("a", options));
        Assert.True(exception.IsConfiguration);
        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    private static void AssertOther(Action open, string says)
    {
        JournalException exception = Assert.Throws<JournalException>(open);
        Assert.True(exception.IsConfiguration);
        Assert.Contains("is open with other options", exception.Message, StringComparison.Ordinal);
        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }
}
