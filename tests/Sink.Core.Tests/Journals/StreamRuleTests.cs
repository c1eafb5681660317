using System.Text;
using Sink.Core.Compressing;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Journals;

/// <summary>Options of streams by their names.</summary>
public class StreamRuleTests
{
    private static readonly DateTimeOffset _time = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    [Fact]
    public async Task TheFirstRuleThatMatchesCounts()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open(static options =>
        {
            options.Streams.Add(new StreamRule { Match = "orders/audit", MaxObjectEntries = 1 });
            options.Streams.Add(new StreamRule { Match = "orders/*", MaxObjectEntries = 2, Compression = Compression.Gzip });
            options.Streams.Add(new StreamRule { Match = "**", MaxObjectEntries = 3 });
        });
        foreach (string name in (string[])["orders/audit", "orders/api", "orders/api/v2", "other"])
        {
            JournalStream stream = journal.GetStream(name);
            for (int i = 0; i < 6; i++)
            {
                stream.Append(_time, Encoding.UTF8.GetBytes($"{{\"n\":{i}}}"));
            }
        }

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal(6, Objects("orders/audit").Length);
        Assert.Equal(3, Objects("orders/api").Length);
        Assert.Equal(2, Objects("orders/api/v2").Length);
        Assert.Equal(2, Objects("other").Length);
        Assert.All(Objects("orders/api"), static found => Assert.EndsWith(".ndjson.gz", found.Key, StringComparison.Ordinal));
        Assert.All(Objects("other"), static found => Assert.EndsWith(".ndjson", found.Key, StringComparison.Ordinal));

        StoredBytes[] Objects(string stream) => [.. bench.Store.Objects.Where(found => found.Document.Stream == stream)];
    }

    [Fact]
    public async Task WhatAUserAsksForCountsBeforeTheRule()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open(static options => options.Streams.Add(new StreamRule { Match = "a*", MaxObjectEntries = 2, Compression = Compression.Gzip, CompressionLevel = 9 }));

        JournalStream stream = journal.OpenStream("a1", new StreamOptions { MaxObjectEntries = 1, Compression = Compression.Snappy });
        stream.Append(_time, "{}"u8);
        stream.Append(_time, "{}"u8);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal(["snappy", "snappy"], bench.Store.Objects.Select(static found => found.Document.Compression));
        Assert.Same(journal.GetStream("a2"), journal.OpenStream("a2", new StreamOptions()));
        Assert.Same(journal.GetStream("a2"), journal.OpenStream("a2", new StreamOptions { MaxObjectEntries = 2 }));
        Assert.Contains("CompressionLevel: 9 and 1", Assert.Throws<JournalException>(() => journal.OpenStream("a2", new StreamOptions { Compression = Compression.Gzip })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MistakesOfEveryRuleAreToldTogether()
    {
        JournalException exception = Assert.Throws<JournalException>(() => new JournalBench().Open(static options =>
        {
            options.MaxStreams = 0;
            options.Streams.Add(new StreamRule { MaxObjectEntries = 0 });
            options.Streams.Add(new StreamRule { Match = "/a", CompressionLevel = 3 });
            options.Streams.Add(new StreamRule { Match = "b", Compression = Compression.Snappy, CompressionLevel = 3, MaxObjectAge = TimeSpan.FromDays(60) });
            options.Streams.Add(new StreamRule { Match = "c", Framing = StreamFraming.OtlpJson, DirectoryTimeZone = "UTC" });
            options.Streams.Add(null!);
        }));

        Assert.True(exception.IsConfiguration);
        string[] lines = exception.Message.Split(Environment.NewLine);
        foreach (string line in (string[])[
            "- MaxStreams: is 0; write",
            "- Streams:0:Match: is missing; write the names it is for",
            "- Streams:0:MaxObjectEntries: is 0; write 1 to",
            "- Streams:1:Match: is \"/a\", which no stream's name is",
            "- Streams:1:CompressionLevel: is that of Compression; write both",
            "- Streams:2:CompressionLevel: is 3, and Snappy has no levels",
            "- Streams:2:MaxObjectAge: is 60.00:00:00; write 00:00:00.010 to 7.00:00:00; \"60\" in JSON means 60 days",
            "- Streams:3:Encoding: is \"json\"; OtlpJson needs",
            "- Streams:3:DirectoryTimeZone: is that of DirectoryFormat",
            "- Streams:4:Match: is missing"])
        {
            Assert.Contains(lines, found => found.StartsWith(line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task TwoFrontEndsWithOtherRulesDoNotShareAJournal()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open(static options => options.Streams.Add(new StreamRule { Match = "a", MaxObjectEntries = 1 }));
        await using Journal same = bench.Open(static options => options.Streams.Add(new StreamRule { Match = "a", MaxObjectEntries = 1 }));

        JournalException exception = Assert.Throws<JournalException>(() => bench.Open(static options => options.Streams.Add(new StreamRule { Match = "a", MaxObjectEntries = 2 })));

        Assert.Contains("- Streams: a MaxObjectEntries=1 and a MaxObjectEntries=2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALaterProcessPacksWhatIsLeftByTheRulesOfTheFirst()
    {
        JournalBench bench = new();
        bench.Store.GoAway();
        await using (Journal first = bench.Open(static options =>
        {
            options.ShutdownTimeout = TimeSpan.Zero;
            options.Streams.Add(new StreamRule { Match = "a", Compression = Compression.Gzip, MaxObjectEntries = 2 });
        }))
        {
            for (int i = 0; i < 3; i++)
            {
                first.GetStream("a").Append(_time, Encoding.UTF8.GetBytes($"{{\"n\":{i}}}"));
            }

            await first.CommitAsync().WaitAsync(JournalBench.Generous);
        }

        bench.Store.ComeBack();
        await using Journal second = bench.Open();
        second.GetStream("a").Append(_time, "{\"n\":3}"u8);
        await second.FlushAsync().WaitAsync(JournalBench.Generous);

        StoredBytes[] found = [.. bench.Store.Objects.OrderBy(static o => o.Document.Ordinal)];
        Assert.Equal([("gzip", 2L), ("gzip", 1), ("none", 1)], found.Select(static o => (o.Document.Compression, o.Document.Entries)));
    }

    /// <summary>Crash window: an object was begun with the stream's own compressor, which then fails; it is sealed as it is, and frames of two kinds never share one.</summary>
    [Fact]
    public async Task AStreamWhoseOwnCompressorIsMissingLaterGoesOnAsTheJournal()
    {
        JournalBench bench = new();
        if (!Compressors.IsPresent(Compression.Xz))
        {
            Assert.Skip("liblzma is not installed.");
        }

        bench.Store.GoAway();
        await using (Journal first = bench.Open(static options => options.ShutdownTimeout = TimeSpan.Zero))
        {
            first.OpenStream("a", new StreamOptions { Compression = Compression.Xz, CompressionLevel = 0 }).Append(_time, "{\"n\":1}"u8);
            await first.CommitAsync().WaitAsync(JournalBench.Generous);
        }

        bench.Store.ComeBack();
        await using Journal second = bench.Open();
        second.OpenStream("a", new StreamOptions { Compression = Compression.Zstd }).Append(_time, "{\"n\":2}"u8);
        await second.FlushAsync().WaitAsync(JournalBench.Generous);

        StoredBytes[] found = [.. bench.Store.Objects.OrderBy(static o => o.Document.Ordinal)];
        Assert.Equal(["xz", "zstd"], found.Select(static o => o.Document.Compression));
        Assert.Equal([".ndjson.xz", ".ndjson.zst"], found.Select(static o => o.Key[o.Key.IndexOf(".ndjson", StringComparison.Ordinal)..]));
    }

    [Fact]
    public async Task ASlowCompressionOfARuleIsToldAtTheStart()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open(static options =>
        {
            options.Streams.Add(new StreamRule { Match = "a", Compression = Compression.Lzma });
            options.Streams.Add(new StreamRule { Match = "b", Compression = Compression.Lzma, CompressionLevel = 0 });
        });

        Assert.Single(bench.Failures, static failure => failure.Kind == JournalFailureKind.Advice);
    }

    /// <summary>Cause: ("a.b", "c") and ("a", "b.c") were one stream in node_s3_file_buffer.</summary>
    [Fact]
    public async Task DomainsAndNamespacesNeverMeet()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();
        foreach ((string domain, string space) in ((string, string)[])[("a.b", "c"), ("a", "b.c"), ("a/b", "c"), ("a", "b/c"), ("a%2Fb", "c")])
        {
            string name = $"{Journal.EncodeStreamSegment(domain)}/{Journal.EncodeStreamSegment(space)}";
            journal.GetStream(name).Append(_time, "{}"u8);
        }

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal(5, bench.Store.Objects.Select(static found => found.Document.Stream).Distinct().Count());
        Assert.Equal(5, bench.Store.Objects.Select(static found => found.Key[..found.Key.IndexOf("/2026", StringComparison.Ordinal)]).Distinct().Count());
    }
}
