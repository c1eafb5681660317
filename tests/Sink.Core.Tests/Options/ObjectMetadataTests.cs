using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Sink.Core.Delivery;
using Sink.Core.Diagnostics;

namespace Sink.Core.Tests.Options;

public class ObjectMetadataTests
{
    private const string Hex = "cae66941d9efbd404e4d88758ea67670";

    private static readonly ObjectMetadata Sample = new()
    {
        Start = 1426809600000,
        End = 1451214080954,
        Id = "0123456789abcdef0123456789abcdef",
        Hash = Hex,
        Source = "Web01.Local",
        Stream = "orders/Größe",
        Entries = 12,
        RawBytes = 3456,
        Framing = "ndjson",
        Encoding = "json",
        Compression = "zstd",
        Epoch = "k3x9q2",
        Lane = 0,
        Ordinal = 42,
        FirstPosition = 4096,
        LastPosition = 8192,
        Previous = null,
        Settled = 40,
    };

    [Fact]
    public void TheDocumentIsTheOneThatWasAgreed()
    {
        string document = Sample.Serialize(out int dropsWritten);

        Assert.Equal(0, dropsWritten);
        Assert.Equal(
            """{"version":0,"start":1426809600000,"end":1451214080954,"where":"web01-local","what":"orders-gr----e","work_id":null,"id":"0123456789abcdef0123456789abcdef","hash":"cae66941d9efbd404e4d88758ea67670","source":"Web01.Local","stream":"orders/Gr\u00F6\u00DFe","entries":12,"raw-bytes":3456,"framing":"ndjson","encoding":"json","compression":"zstd","epoch":"k3x9q2","lane":0,"ordinal":42,"first":4096,"last":8192,"previous":null,"settled":40,"drops":[]}""",
            document);
    }

    [Fact]
    public void ADocumentReadsBackAsItWas()
    {
        ObjectMetadata metadata = Sample with
        {
            Previous = Hex,
            Drops = [new OrdinalRange(3, 5), new OrdinalRange(9, 9)],
            Dropped = new DroppedEntries(7, 0, 2),
        };
        string document = metadata.Serialize(out int dropsWritten);

        Assert.Equal(2, dropsWritten);
        Assert.EndsWith("""
            "drops":[[3,5],[9,9]],"dropped":{"policy":7,"quarantined":2}}
            """, document);
        Assert.True(ObjectMetadata.TryParse(document, out ObjectMetadata? read, out string error), error);
        Assert.Equal(metadata.Drops, read.Drops);
        Assert.Equal(metadata, read with { Drops = metadata.Drops });
    }

    // In base64, for as text a control character takes six.
    [Theory]
    [InlineData("\n", "Cg==")]
    [InlineData("\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000b\u000c\u000e\u000f\u0010\u0011\u0012\u0013", "AQIDBAUGBwgLDA4PEBESEw==")]
    [InlineData("s\u4e00", "c+S4gA==")]
    public void ADelimiterStandsBetweenFramingAndEncoding(string delimiter, string base64)
    {
        string document = (Sample with { Framing = "delimited", Delimiter = delimiter }).Serialize(out _);

        Assert.Contains($"\"framing\":\"delimited\",\"delimiter\":\"{base64}\",\"encoding\":", document, StringComparison.Ordinal);
        Assert.True(ObjectMetadata.TryParse(document, out ObjectMetadata? read, out string error), error);
        Assert.Equal(delimiter, read.Delimiter);
    }

    [Fact]
    public void TheLargestNamesAndNumbersLeaveRoomForADrop()
    {
        ObjectMetadata metadata = Largest(LongestNames.MaxBy(static name => (Largest(name) with { Drops = [] }).Serialize(out _).Length)!);
        string bare = (metadata with { Drops = [] }).Serialize(out _);
        string document = metadata.Serialize(out int dropsWritten);

        Assert.InRange(bare.Length, 1, ObjectMetadata.MaxLength);
        Assert.Equal(1, dropsWritten);
        Assert.InRange(document.Length, bare.Length + 1, ObjectMetadata.MaxLength);
        Assert.True(ObjectMetadata.TryParse(document, out ObjectMetadata? read, out string error), error);
        Assert.Equal(metadata, read with { Drops = metadata.Drops });

        // And no more than fit: the rest is the next object's to tell.
        OrdinalRange[] many = [.. Enumerable.Range(0, 100).Select(i => new OrdinalRange(100_000_000_000 + (i * 10), 100_000_000_003 + (i * 10)))];
        string cut = (metadata with { Drops = many }).Serialize(out int written);
        Assert.Equal(1 + ((ObjectMetadata.MaxLength - document.Length) / 30), written);
        Assert.InRange(cut.Length, ObjectMetadata.MaxLength - 29, ObjectMetadata.MaxLength);
        Assert.True(ObjectMetadata.TryParse(cut, out read, out error), error);
        Assert.Equal(many[..written], read.Drops);
    }

    [Fact]
    public void NoNameThatAStreamMayHaveBreaksTheBound() => Gen
        .OneOf("a", "/", "ж", "日", "😀", "+", "\"", "<", "'", "\u007f", "~", "\u2028").Array[1, 260].Select(MadeValid)
        .Sample(
            static name =>
            {
                string document = Largest(name).Serialize(out int dropsWritten);
                Assert.InRange(document.Length, 1, ObjectMetadata.MaxLength);
                Assert.Equal(1, dropsWritten);
                Assert.True(ObjectMetadata.TryParse(document, out ObjectMetadata? read, out string error), error);
                Assert.Equal(name, read.Stream);
            },
            iter: 2_000);

    [Fact]
    public void WhateverIsWrittenIsRead() => _random.Sample(
        static metadata =>
        {
            string document = metadata.Serialize(out int dropsWritten);
            Assert.InRange(document.Length, 1, ObjectMetadata.MaxLength);
            Assert.All(document, static c => Assert.InRange(c, ' ', '~'));
            Assert.True(ObjectMetadata.TryParse(document, out ObjectMetadata? read, out string error), error);
            Assert.Equal(metadata.Drops.Take(dropsWritten), read.Drops);
            Assert.Equal(metadata, read with { Drops = metadata.Drops });
            Assert.Equal(document, read.Serialize(out _));
        },
        iter: 5_000);

    [Fact]
    public void DropsThatDoNotFitAreLeftToTheCaller()
    {
        var drops = Enumerable.Range(0, 500).Select(i => new OrdinalRange(1_000_000 + (i * 10), 1_000_003 + (i * 10))).ToList();
        string document = (Sample with { Drops = drops }).Serialize(out int dropsWritten);

        Assert.InRange(document.Length, ObjectMetadata.MaxLength - 18, ObjectMetadata.MaxLength);
        Assert.InRange(dropsWritten, 50, 499);
        Assert.True(ObjectMetadata.TryParse(document, out ObjectMetadata? read, out string error), error);
        Assert.Equal(drops.Take(dropsWritten), read.Drops);
    }

    [Fact]
    public void ADocumentThatCannotFitIsAnError() =>
        Assert.Throws<JournalException>(() => (Sample with { Stream = new string('a', 1000) }).Serialize(out _));

    [Theory]
    [InlineData("orders/api", "orders-api")]
    [InlineData("Web_01.Local-x", "web_01-local-x")]
    [InlineData("größe", "gr----e")]
    public void PlainFieldsHoldNothingThatTheirReadersRefuse(string text, string plain) =>
        Assert.Equal(plain, ObjectMetadata.Plain(text));

    [Fact]
    public void TheChainCoversTheWholeDocument()
    {
        string document = Sample.Serialize(out _);
        Assert.Equal(Blake2b16.HashHex(Encoding.ASCII.GetBytes(document)), ObjectMetadata.ChainHash(document));
        Assert.NotEqual(ObjectMetadata.ChainHash(document), ObjectMetadata.ChainHash((Sample with { Settled = 41 }).Serialize(out _)));
    }

    [Fact]
    public void AnIdIsNewEachTime()
    {
        Assert.True(Blake2b16.IsHex(RandomSource.System.NextHex()));
        Assert.NotEqual(RandomSource.System.NextHex(), RandomSource.System.NextHex());
    }

    [Fact]
    public void UnknownKeysArePassedOver()
    {
        string document = Changed(json => json["team"] = new JsonArray("x", null));
        Assert.True(ObjectMetadata.TryParse(document, out _, out string error), error);
    }

    [Fact]
    public void ASnapshotWithoutAnEndIsAllowed()
    {
        Assert.True(ObjectMetadata.TryParse(Changed(json => json["end"] = null), out ObjectMetadata? read, out _));
        Assert.Null(read.End);
    }

    [Theory]
    [InlineData("version", "1")]
    [InlineData("version", null)]
    [InlineData("start", "null")]
    [InlineData("start", "1.5")]
    [InlineData("start", "\"1426809600000\"")]
    [InlineData("end", "1")]
    [InlineData("where", "\"Web01\"")]
    [InlineData("where", "\"web01\\n\"")]
    [InlineData("where", "\"\"")]
    [InlineData("what", "\"orders/api\"")]
    [InlineData("what", "null")]
    [InlineData("work_id", "\"null\"")]
    [InlineData("work_id", "\"a b\"")]
    [InlineData("data-version", "\"1.0\"")]
    [InlineData("path", "\"logs\"")]
    [InlineData("start", "253402300800000")]
    [InlineData("end", "9223372036854775807")]
    [InlineData("id", "\"0123456789ABCDEF0123456789abcdef\"")]
    [InlineData("entries", "true")]
    [InlineData("entries", "1.0")]
    [InlineData("raw-bytes", "null")]
    [InlineData("id", "\"0123\"")]
    [InlineData("hash", "\"CAE66941d9efbd404e4d88758ea67670\"")]
    [InlineData("hash", null)]
    [InlineData("source", "\"\"")]
    [InlineData("stream", "\"../../etc/passwd\"")]
    [InlineData("stream", "7")]
    [InlineData("entries", "-1")]
    [InlineData("framing", "\"nd/json\"")]
    [InlineData("delimiter", "\"\"")]
    [InlineData("delimiter", "\"*\"")]
    [InlineData("delimiter", "null")]
    [InlineData("delimiter", "\"/w==\"")]
    [InlineData("delimiter", "\"AQIDBAUGBwgJCgsMDQ4PEBE=\"")]
    [InlineData("compression", "\"\"")]
    [InlineData("epoch", "\"K3X9Q2\"")]
    [InlineData("lane", "4294967296")]
    [InlineData("ordinal", "1000000000000")]
    [InlineData("last", "1")]
    [InlineData("previous", "\"x\"")]
    [InlineData("settled", "9223372036854775808")]
    [InlineData("drops", "[[1]]")]
    [InlineData("drops", "[[2,1]]")]
    [InlineData("drops", "[[5,6],[1,2]]")]
    [InlineData("drops", "{}")]
    [InlineData("drops", "[1,2]")]
    [InlineData("dropped", "[]")]
    [InlineData("dropped", "{\"policy\":-1}")]
    public void AValueOutsideItsRulesIsRefusedByName(string key, string? value)
    {
        string document = Changed(json =>
        {
            json.Remove(key);
            if (value is not null)
            {
                json[key] = JsonNode.Parse(value);
            }
        });

        Assert.False(ObjectMetadata.TryParse(document, out ObjectMetadata? read, out string error));
        Assert.Null(read);
        Assert.StartsWith(key + " ", error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"start\":1,\"start\":2}")]
    [InlineData("{\"version\":0,\"where\":\"\\ud83d\"}")]
    public void WhatIsNoObjectIsRefused(string document)
    {
        Assert.False(ObjectMetadata.TryParse(document, out _, out string error));
        Assert.NotEqual("", error);
    }

    /// <summary>Names at a bound: of bytes, of characters when escaped, of both.</summary>
    private static IEnumerable<string> LongestNames => Enumerable.Range(0, 256)
        .SelectMany(static others => new[] { "ж", "日", "+" }.Select(other => string.Concat(Enumerable.Repeat(other, others / 2)) + "/" + string.Concat(Enumerable.Repeat(other, others - (others / 2)))))
        .Select(static name => Enumerable.Range(0, 257).Select(length => name + new string('a', 256 - length)).FirstOrDefault(static whole => StreamName.Validate(whole) is null))
        .OfType<string>();

    private static string MadeValid(string[] parts)
    {
        string name = "";
        foreach (string part in parts)
        {
            // A slash is only good with something behind it.
            string longer = part == "/" ? name + "/a" : name + part;
            name = StreamName.Validate(longer) is null ? longer : name;
        }

        return name.Length > 0 ? name : "a";
    }

    private static readonly Gen<string> _token = Gen.Char["abcXYZ019-_.+"].Array[1, 16].Select(static chars => new string(chars));

    private static readonly Gen<string> _name = Gen.OneOf("a", "Z", "/", "ж", "日", "😀", "+", "\"", "&", " ", "-", ".", "\u2028").Array[1, 90].Select(MadeValid);

    private static readonly Gen<long> _time = Gen.Long[DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()];

    private static readonly Gen<long> _count = Gen.OneOf(Gen.Long[0, 10], Gen.Long[0, long.MaxValue]);

    private static readonly Gen<ObjectMetadata> _random = Gen.Select(
        Gen.Select(_time, _time, Gen.Char["abc019_-"].Array[1, 64].Select(static chars => new string(chars)).Where(static text => text != "null").Null(), Gen.Char["abcXYZ019_-"].Array[1, 64].Select(static chars => new string(chars)).Null()),
        Gen.Select(_name, _token, _token, _token),
        Gen.Select(_count, _count, _count, _count),
        Gen.Select(Gen.Long[0, ObjectKey.MaxOrdinal].Array[0, 200], Gen.Long[0, ObjectKey.MaxOrdinal], Gen.Bool, _count.Array[3])).Select(static (record, names, numbers, chain) => Sample with
        {
            Start = Math.Min(record.Item1, record.Item2),
            End = chain.Item3 ? null : Math.Max(record.Item1, record.Item2),
            WorkId = record.Item3,
            DataVersion = record.Item4,
            Stream = names.Item1,
            Framing = names.Item2,
            Encoding = names.Item3,
            Compression = names.Item4,
            Entries = numbers.Item1,
            RawBytes = numbers.Item2,
            FirstPosition = Math.Min(numbers.Item3, numbers.Item4),
            LastPosition = Math.Max(numbers.Item3, numbers.Item4),
            Ordinal = chain.Item2,
            Previous = chain.Item3 ? Hex : null,
            Drops = [.. chain.Item1.Order().Distinct().Chunk(2).Select(static pair => new OrdinalRange(pair[0], pair[^1]))],
            Dropped = new DroppedEntries(chain.Item4[0], chain.Item4[1], chain.Item4[2]),
        });

    private static ObjectMetadata Largest(string stream) => Sample with
    {
        Start = DateTimeOffset.MinValue.ToUnixTimeMilliseconds(),
        End = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(),
        WorkId = new string('w', ObjectMetadata.LongestWorkId),
        DataVersion = new string('v', ObjectMetadata.LongestDataVersion),
        Source = new string('A', 64),
        Stream = stream,
        Entries = long.MaxValue,
        RawBytes = long.MaxValue,
        Framing = new string('+', 16),
        Delimiter = new string('\u001f', 16),
        Encoding = new string('+', 16),
        Compression = new string('+', 16),
        Lane = int.MaxValue,
        Ordinal = ObjectKey.MaxOrdinal,
        FirstPosition = long.MaxValue,
        LastPosition = long.MaxValue,
        Previous = Hex,
        Settled = ObjectKey.MaxOrdinal,
        Drops = [new OrdinalRange(ObjectKey.MaxOrdinal, ObjectKey.MaxOrdinal)],
        Dropped = new DroppedEntries(long.MaxValue, long.MaxValue, long.MaxValue),
    };

    private static string Changed(Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(Sample.Serialize(out _))!.AsObject();
        change(json);
        return json.ToJsonString();
    }
}
