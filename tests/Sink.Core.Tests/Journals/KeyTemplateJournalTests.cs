using System.Text;
using System.Text.RegularExpressions;
using Sink.Core.Delivery;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Journals;

/// <summary>Templates of keys from <c>Append</c> to the reader.</summary>
public sealed class KeyTemplateJournalTests : IDisposable
{
    private static readonly DateTimeOffset When = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("s3journal-");
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task AReaderReadsWhatRunsWithSeveralTemplatesLeft()
    {
        int n = 0;
        foreach (string? template in new[] { "Hive", "{id}/{stream:encoded}/{first:HH}/{ordinal}-{epoch}{suffixes}", "Collector", null })
        {
            using Journal journal = Journal.Open(Options(template));
            for (int i = 0; i < 2; i++)
            {
                journal.GetStream("orders/api").Append(When, Encoding.UTF8.GetBytes($"{{\"n\":{n++}}}"));
                Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);
            }
        }

        using JournalReader reader = JournalReader.Open(Options(null));
        List<JournalObject> objects = [.. reader.ListAsync().ToBlockingEnumerable().OrderBy(o => o.Ordinal)];
        List<string> entries = [];
        foreach (JournalObject found in objects)
        {
            Assert.Equal("orders/api", found.Stream);
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                entries.Add(Encoding.UTF8.GetString(entry.Span));
            }
        }

        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"{{\"n\":{i}}}"), entries);
        string[] patterns =
        [
            @"orders/api/year=2026/month=11/day=22/\d{6}-web01-\w{6}-00000000000[01]\.ndjson\.zst",
            @"web01/orders%2Fapi/10/00000000000[23]-\w{6}\.ndjson\.zst",
            @"orders/api/year=2026/month=11/day=22/hour=10/minute=15/\d{6}-web01-\w{6}-00000000000[45]\.ndjson\.zst",
            @"orders/api/2026/11/22/\d{6}-web01-\w{6}-00000000000[67]\.ndjson\.zst",
        ];
        Assert.Equal(patterns.SelectMany(p => new[] { p, p }), objects.Select(o => patterns.FirstOrDefault(p => Regex.IsMatch(o.Key, $@"\A{p}\z")) ?? o.Key));
    }

    // What the disk holds sealed keeps its key; what it holds open gets that of the run that seals it.
    [Fact]
    public async Task AnObjectThatWasBegunUnderAnotherTemplateIsDelivered()
    {
        _bench.Store.OnPut = static (_, _) => Task.FromResult<PutResult?>(new PutResult(PutOutcome.Unavailable, "away"));
        using (Journal journal = _bench.Open(static o => (o.KeyTemplate, o.ShutdownTimeout) = ("Hive", TimeSpan.Zero)))
        {
            JournalBench.Append(journal, 1);
        }

        _bench.Store.OnPut = static (_, _) => Task.FromResult<PutResult?>(null);
        using (Journal journal = _bench.Open(static o => o.KeyTemplate = "new/{stream}/{date}/{epoch}-{ordinal}{suffixes}"))
        {
            JournalBench.Append(journal, 2);
            await JournalBench.FlushWhenItCan(journal);
        }

        Assert.Equal(["{\"n\":1}", "{\"n\":2}"], _bench.Store.Objects.SelectMany(o => o.Lines).Order());
        Assert.Contains(_bench.Store.Objects, o => o.Key.StartsWith("new/orders/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ShardsAreFilledInTurn()
    {
        using Journal journal = _bench.Open(static o => (o.KeyTemplate, o.Shards) = ("{stream}/{epoch}-{ordinal}{suffixes}", 3));
        for (int i = 0; i < 5; i++)
        {
            JournalBench.Append(journal, i);
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        Assert.Equal(["0/orders/", "1/orders/", "2/orders/", "0/orders/", "1/orders/"], _bench.Store.Objects.Select(o => o.Key[..9]));
    }

    [Theory]
    [InlineData("Hive", "web.01", StreamFraming.Ndjson, "json", Compression.Zstd, @"orders/year=[^.]*-web\.01-\w{6}-000000000000-\w{6}\.ndjson\.zst")]
    [InlineData("v1.2/{stream}/{epoch}-{ordinal}{suffixes}", "web01", StreamFraming.Length, "msgpack", Compression.Zstd, @"v1\.2/orders/\w{6}-000000000000-\w{6}\.length\.msgpack\.zst")]
    [InlineData("{stream}/{ordinal}-{epoch}{suffixes}", "web01", StreamFraming.Length, "unknown", Compression.None, @"orders/000000000000-\w{6}-\w{6}\.bin")]
    [InlineData("{ordinal}/v1.2/{epoch}{suffixes}", "web01", StreamFraming.Ndjson, "clef", Compression.Gzip, @"000000000000/v1\.2/\w{6}-\w{6}\.clef\.ndjson\.gz")]
    [InlineData("{epoch}/{ordinal}-{id}{suffixes}", "web.01", StreamFraming.Separated, "json", Compression.Gzip, @"\w{6}/000000000000-web-\w{6}\.01\.separated\.json\.gz")]
    public async Task AnObjectWhoseKeyIsTakenGoesBesideWithAllItsSuffixes(string template, string id, StreamFraming framing, string encoding, Compression compression, string pattern)
    {
        string? taken = null;
        _bench.Store.OnPut = (put, _) =>
        {
            if (taken is null)
            {
                taken = put.Key;
                _bench.Store.Plant(new StoredBytes(put.Key, [1, 2, 3], "{}"));
            }

            return Task.FromResult<PutResult?>(null);
        };
        using Journal journal = _bench.Open(o => (o.KeyTemplate, o.Id, o.Compression) = (template, id, compression));
        journal.OpenStream("orders", new StreamOptions { Framing = framing, Encoding = encoding }).Append(When, "{}"u8);

        Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);

        Assert.Equal(taken, _bench.Store.Objects[0].Key);
        Assert.Matches($@"\A{pattern}\z", _bench.Store.Objects[1].Key);
        Assert.Null(StoreKey.Check(_bench.Store.Objects[1].Key));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private JournalOptions Options(string? template) => new()
    {
        Destination = new Uri(Path.Combine(_root.FullName, "store")).AbsoluteUri,
        LocalDirectory = Path.Combine(_root.FullName, "local"),
        Id = "web01",
        MinFreeDiskBytes = 0,
        ReportToStandardError = false,
        KeyTemplate = template,
    };
}
