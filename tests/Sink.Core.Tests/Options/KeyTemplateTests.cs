using Sink.Core.Delivery;
using Sink.Core.Options;

namespace Sink.Core.Tests.Options;

public class KeyTemplateTests
{
    private const string Unique = "{epoch}-{ordinal}{suffixes}";

    private static readonly ObjectKeyParts Parts = new()
    {
        Stream = "orders/api/v1",
        Partition = "2026/11/22",
        Time = 101500,
        SealedUtcTicks = new DateTime(2026, 11, 22, 10, 14, 59, DateTimeKind.Utc).Ticks,
        FirstUtcTicks = new DateTime(2026, 11, 22, 9, 8, 7, DateTimeKind.Utc).Ticks,
        LastUtcTicks = new DateTime(2026, 11, 22, 23, 30, 0, DateTimeKind.Utc).Ticks,
        Id = "web01",
        Epoch = "k3x9q2",
        Ordinal = 42,
        Suffix = "ndjson.zst",
    };

    [Theory]
    [InlineData(null, null, "orders/api/v1/2026/11/22/101500-web01-k3x9q2-000000000042.ndjson.zst")]
    [InlineData("default", 36, "6/orders/api/v1/2026/11/22/101500-web01-k3x9q2-000000000042.ndjson.zst")]
    [InlineData("Hive", null, "orders/api/v1/year=2026/month=11/day=22/101500-web01-k3x9q2-000000000042.ndjson.zst")]
    [InlineData("HIVE", 36, "6/orders/api/v1/year=2026/month=11/day=22/101500-web01-k3x9q2-000000000042.ndjson.zst")]
    [InlineData("Collector", null, "orders/api/v1/year=2026/month=11/day=22/hour=10/minute=14/101500-web01-k3x9q2-000000000042.ndjson.zst")]
    [InlineData("collector", 2, "0/orders/api/v1/year=2026/month=11/day=22/hour=10/minute=14/101500-web01-k3x9q2-000000000042.ndjson.zst")]
    public void ThePresetsKeysAreThese(string? preset, int? shards, string key) => Assert.Equal(key, Fill(preset, Parts with { Shards = shards }));

    [Theory]
    [InlineData("logs_", null, "otlp/year=2026/month=11/day=22/hour=10/minute=14/logs_101500-web01-k3x9q2-000000000042.json.gz")]
    [InlineData("traces_", 36, "6/otlp/year=2026/month=11/day=22/hour=10/minute=14/traces_101500-web01-k3x9q2-000000000042.json.gz")]
    public void TheCollectorFindsItsPrefixInEveryPreset(string prefix, int? shards, string key)
    {
        ObjectKeyParts parts = Parts with { Stream = "otlp", NamePrefix = prefix, Suffix = "json.gz", Shards = shards };
        Assert.Equal(key, Fill("Collector", parts));
        Assert.All(new[] { "Default", "Hive" }, preset => Assert.Contains($"/{prefix}101500-web01-", Fill(preset, parts)));
    }

    [Theory]
    [InlineData("{stream}/", "orders/api/v1/")]
    [InlineData("{stream:0}/", "orders/")]
    [InlineData("{stream:-1}/", "v1/")]
    [InlineData("{stream:1..}/", "api/v1/")]
    [InlineData("{stream:..1}/", "orders/api/")]
    [InlineData("{stream:0..-2}/", "orders/api/")]
    [InlineData("{stream:3}/", "_/")]
    [InlineData("{stream:-4}/", "_/")]
    [InlineData("{stream:2..9}/", "_/")]
    [InlineData("{stream:encoded}/", "orders%2Fapi%2Fv1/")]
    [InlineData("{stream:1..2|encoded}/", "api%2Fv1/")]
    [InlineData("{stream:1|encoded}/", "api/")]
    [InlineData("{stream:7|encoded}/", "_/")]
    [InlineData("{date}/", "2026/11/22/")]
    [InlineData("{date:yyyy'-'MM}/", "2026-11/")]
    [InlineData("{date:yyyy/MM/dd|Asia/Tokyo}/", "2026/11/22/")]
    [InlineData("{time}-", "101500-")]
    [InlineData("{time:HH'h'mm}-", "10h14-")]
    [InlineData("{time:HH|Asia/Tokyo}-", "19-")]
    [InlineData("{first}-", "20261122-090807-")]
    [InlineData("{first:MM/dd}/", "11/22/")]
    [InlineData("{last}-", "20261122-233000-")]
    [InlineData("{last:yyyy-MM-dd|Asia/Tokyo}/", "2026-11-23/")]
    [InlineData("{id}-", "web01-")]
    [InlineData("{prefix}x-", "x-")]
    [InlineData("logs/{{{id}}}/", "logs/{web01}/")]
    [InlineData("größe\ufffd/", "größe\ufffd/")]
    public void ATokenIsFilledSo(string template, string start) =>
        Assert.Equal(start + "k3x9q2-000000000042.ndjson.zst", Fill(template + Unique, Parts));

    [Theory]
    [InlineData("{ordinal}/{epoch}/{id}{suffixes}", "000000000042/k3x9q2/web01.ndjson.zst")]
    [InlineData("{stream}/{epoch}/{ordinal}-{id}{suffixes}", "orders/api/v1/k3x9q2/000000000042-web01.ndjson.zst")]
    [InlineData("{epoch}/{stream}/{ordinal}{suffixes}", "k3x9q2/orders/api/v1/000000000042.ndjson.zst")]
    [InlineData("{shard}/{stream:0}/{epoch}/{stream:1}/{ordinal}/a{suffixes}", "orders/k3x9q2/api/000000000042/a.ndjson.zst")]
    [InlineData("{epoch}/{id}-{ordinal}.abcdefghijklmnopq{suffixes}", "k3x9q2/web01-000000000042.abcdefghijklmnopq.ndjson.zst")]
    public void EpochAndOrdinalMayStandWhereASlashTellsThem(string template, string key) => Assert.Equal(key, Fill(template, Parts));

    [Theory]
    [InlineData("plain", "write Default, Hive, Collector, or a template such as {shard}/{stream}")]
    [InlineData("", "write Default, Hive, Collector")]
    [InlineData("{host}/" + Unique, "unknown token {host}; there are {shard}, {stream}")]
    [InlineData("{Stream}/" + Unique, "unknown token {Stream}")]
    [InlineData("{stream/" + Unique, "unknown token {stream/{epoch}")]
    [InlineData("{stream}/" + Unique + "{", "a '{' without its partner; write {{")]
    [InlineData("}{stream}/" + Unique, "a '}' without its partner; write }}")]
    [InlineData("{id:x}-" + Unique, "a format in {id:x}; write {id}")]
    [InlineData("{stream:x}/" + Unique, "has {stream:x}; write {stream}")]
    [InlineData("{stream:3..1}/" + Unique, "has {stream:3..1}")]
    [InlineData("{stream:-1..-2}/" + Unique, "has {stream:-1..-2}")]
    [InlineData("{stream:10}/" + Unique, "has {stream:10}")]
    [InlineData("{stream:..}/" + Unique, "has {stream:..}")]
    [InlineData("{stream}/{ordinal}{suffixes}", "no {epoch}, so two objects")]
    [InlineData("{stream}/{epoch}{suffixes}", "no {ordinal}, so two objects")]
    [InlineData("{stream}{epoch}{stream}/{ordinal}{suffixes}", "{epoch} where it cannot be told")]
    [InlineData("{epoch}/{id}{ordinal}{id}{suffixes}", "{ordinal} where it cannot be told")]
    [InlineData("{stream}/{epoch}/{stream}/{ordinal}{suffixes}", "{epoch} where it cannot be told")]
    [InlineData("{stream}/{epoch}/{id}-{ordinal}{suffixes}", "{ordinal} where it cannot be told")]
    [InlineData("{epoch}/{id}-{ordinal}.abcdefghijklmnop{suffixes}", "{ordinal} where it cannot be told")]
    [InlineData("{stream}/{epoch}-{ordinal}", "does not end with {suffixes}")]
    [InlineData("{stream}/{epoch}{suffixes}-{ordinal}", "does not end with {suffixes}")]
    [InlineData("{stream}{suffixes}/" + Unique, "does not end with {suffixes}")]
    [InlineData("{stream}//" + Unique, "an empty segment")]
    [InlineData("/{stream}/" + Unique, "an empty segment")]
    [InlineData("{stream}/" + Unique + "/", "does not end with {suffixes}")]
    [InlineData("{prefix}/" + Unique, "an empty segment")]
    [InlineData("../{stream}/" + Unique, "begins with '.'")]
    [InlineData("a/../" + Unique, "begins with '.'")]
    [InlineData("./" + Unique, "begins with '.'")]
    [InlineData(".hidden/" + Unique, "begins with '.'")]
    [InlineData("{epoch}-{ordinal}/{prefix}{suffixes}", "begins with '.'")]
    [InlineData("a\\b/" + Unique, "a backslash")]
    [InlineData("a\n/" + Unique, "a control character")]
    [InlineData("a\u0085/" + Unique, "a control character")]
    [InlineData("a\ufffe/" + Unique, "U+FFFE")]
    [InlineData("{date:yyyy}/{date:MM}/" + Unique, "an object has one date")]
    [InlineData("{date:year=yyyy}/" + Unique, "would read as parts of a date")]
    [InlineData("{date:yyyy|Mars/Olympus}/" + Unique, "\"Mars/Olympus\" is not a time zone")]
    [InlineData("{time:q}-" + Unique, "whose format")]
    [InlineData("{stream}/{shard}/" + Unique, "{shard} where it cannot be; begin with {shard}/")]
    [InlineData("{shard}{stream}/" + Unique, "{shard} where it cannot be")]
    [InlineData("{shard}/{shard}/" + Unique, "{shard} where it cannot be")]
    [InlineData("x{stream}/" + Unique, "a segment has more than 255 bytes")]
    [InlineData("{stream}-" + Unique, "a segment has more than 255 bytes")]
    [InlineData("{stream}/{id}-{id}-{first}-{last}-" + Unique, "its last segment has more than 223 bytes")]
    public void ATemplateThatCannotBeUsedIsRefused(string template, string essence)
    {
        string line = Assert.Single(Mistakes(new JournalOptions { KeyTemplate = template }));
        Assert.StartsWith("- KeyTemplate: ", line);
        Assert.Contains(essence, line);
    }

    // Attributes hold no text that is not UTF-8.
    [Fact]
    public void HalfACharacterIsRefused()
    {
        Assert.Contains("a lone surrogate", Assert.Single(Mistakes(new JournalOptions { KeyTemplate = "a\ud83d/" + Unique })));
        Assert.StartsWith("😀/k3x9q2", Fill("😀/" + Unique, Parts));
    }

    [Fact]
    public void KeysThatCouldBeTooLongAreRefusedAndTheLongestThatFitAreNot()
    {
        string fits = string.Concat(Enumerable.Repeat(new string('a', 255) + "/", 2)) + new string('b', 30) + "/{id}-" + Unique;
        int bytes = Fill(fits, Parts with { Shards = 36, Id = new string('i', 64), Suffix = "separated.eeeeeeeeeeeeeeee.abcdefghijklmno" }).Length + 7;
        string longest = fits.Replace("b/", new string('b', 1) + "/" + new string('c', ObjectKey.MaxBytes - bytes - 1) + "/", StringComparison.Ordinal);

        Assert.NotNull(Settings(new JournalOptions { KeyTemplate = longest }));
        string line = Assert.Single(Mistakes(new JournalOptions { KeyTemplate = longest.Replace("c/", "cc/", StringComparison.Ordinal) }));
        Assert.Contains("keys of 824 bytes, and 823 are allowed", line);
    }

    [Fact]
    public void ADateStandsInOnePlace()
    {
        Assert.Contains("DirectoryFormat is yyyy/MM;", Assert.Single(Mistakes(new JournalOptions { KeyTemplate = "Hive", DirectoryFormat = "yyyy/MM" })));
        Assert.Contains("DirectoryTimeZone is Asia/Tokyo", Assert.Single(Mistakes(new JournalOptions { KeyTemplate = "Collector", DirectoryTimeZone = "Asia/Tokyo" })));

        JournalSettings hive = Settings(new JournalOptions { KeyTemplate = "Hive", DirectoryTimeZone = "Asia/Tokyo" });
        Assert.Equal(("'year='yyyy/'month='MM/'day='dd", "Asia/Tokyo"), (hive.DirectoryFormat, hive.DirectoryTimeZone.Id));
        Assert.Equal("yyyy/MM/dd", Settings(new JournalOptions { KeyTemplate = "{stream}/{date}/" + Unique }).DirectoryFormat);
        Assert.Equal("Asia/Tokyo", Settings(new JournalOptions { KeyTemplate = "{stream}/{date:yyyy|Asia/Tokyo}/" + Unique }).DirectoryTimeZone.Id);
    }

    [Fact]
    public void AStreamsOwnDirectoriesAreCheckedWithTheTemplate()
    {
        StreamRule rule = new() { Match = "a", DirectoryFormat = "yyyy/'" + new string('x', 100) + "'" };
        string template = "{stream}/" + new string('y', 150) + "-{date}/" + Unique;
        Assert.NotNull(Settings(new JournalOptions { KeyTemplate = "{stream}/{date}/" + Unique, Streams = [rule] }));
        Assert.NotNull(Settings(new JournalOptions { KeyTemplate = template }));

        // Together with what precedes it, a segment of the date is too long.
        rule.DirectoryFormat = "'" + new string('x', 110) + "'yyyy";
        string line = Assert.Single(Mistakes(new JournalOptions { KeyTemplate = template, Streams = [rule] }));
        Assert.StartsWith("- Streams:0:DirectoryFormat: does not go with the journal's KeyTemplate, which then", line);
    }

    // An object begun by an earlier run has that run's date.
    [Fact]
    public void AKeyThatNoStoreTakesIsMadeByTheDefault()
    {
        KeyTemplate template = Settings(new JournalOptions { KeyTemplate = "{stream}/" + new string('y', 200) + "{date}/" + Unique }).KeyTemplate;
        Assert.Contains("yy2026/11/22/k3x9q2", template.Format(Parts));
        string date = new('d', 100);
        Assert.Equal($"orders/api/v1/{date}/101500-web01-k3x9q2-000000000042.ndjson.zst", template.Format(Parts with { Partition = date }));
    }

    private static JournalSettings Settings(JournalOptions options)
    {
        options.Destination = "file:///objects";
        return JournalSettings.From(options, new FakeHostEnvironment(), _ => true);
    }

    /// <summary>The date as the settings have it, at the time of sealing.</summary>
    private static string Fill(string? template, ObjectKeyParts parts)
    {
        JournalSettings settings = Settings(new JournalOptions { KeyTemplate = template });
        string date = new Packing.PartitionFormat(settings.DirectoryFormat, settings.DirectoryTimeZone).Format(parts.SealedUtcTicks);
        return settings.KeyTemplate.Format(parts with { Partition = date });
    }

    private static string[] Mistakes(JournalOptions options)
    {
        JournalException refused = Assert.Throws<JournalException>(() => Settings(options));
        return refused.Message.Split(Environment.NewLine)[1..];
    }
}
