using CsCheck;
using Sink.Core.Delivery;
using Sink.Core.Options;

namespace Sink.Core.Tests.Options;

public class KeyTemplatePropertyTests
{
    private const int KeysOfATemplate = 12;

    private static readonly Gen<string> Piece = Gen.OneOf(
        "{stream}", "{stream:0}", "{stream:-1}", "{stream:1..}", "{stream:..-2}", "{stream:encoded}", "{stream:0|encoded}", "{date}", "{time}", "{time:HHmm}", "{time:dddd}", "{first}",
        "{first:yyyy/MM}", "{last:H.m}", "{id}", "{epoch}", "{ordinal}", "{prefix}", "{epoch}-{ordinal}", "/", "/", "/", "/", "-", ".", "a", "000000", "%2F", "abcdefghijklmnopqrst");

    /// <summary>Half of them end as they are advised to: others are rarely accepted.</summary>
    private static readonly Gen<string> Template = Gen.Select(Piece.List[1, 9], Gen.Bool, (pieces, ends) => string.Concat(pieces) + (ends ? "/{epoch}-{ordinal}{suffixes}" : "{suffixes}"));

    // What could pass for another part of a key, too.
    private static readonly Gen<string> Segment = Gen.OneOf("a", "b", "_", "%", "-", "ö", "\U0001f600", "\ufffd", "~", ".", "0", "00000a", "-00000a-", "000000000001", "00000a-000000000001", "a.ndjson")
        .List[1, 4].Select(string.Concat);

    private static readonly Gen<string> Stream = Segment.List[1, 4].Select(segments => string.Join('/', segments)).Where(name => StreamName.Validate(name) is null);

    private static readonly Gen<string> Suffix = Gen.OneOf(
        "bin", "ndjson", "ndjson.zst", "clef.ndjson.gz", "length.msgpack.zst", "separated.000000000001.gz", "length.ndjson", "length.00000a-000000001.ndjson", "msgpack", "json", "length.json", "x.json");

    private static readonly Gen<ObjectKeyParts> Parts =
        from stream in Stream
        from date in Gen.OneOf("2026/11/22", "2026/00000a-000000000001", "2026")
        from hours in Gen.Int[0, 3]
        from id in Gen.OneOf("web01", "a", "web.ndjson", "00000a-000000000001.length", "000000000001")
        from epoch in Gen.OneOf("00000a", "000000", "zzzzzz")
        from ordinal in Gen.Long[0, 2]
        from prefix in Gen.OneOf("", "logs_", "traces_")
        from suffix in Suffix
        select new ObjectKeyParts
        {
            Shards = 36,
            Stream = stream,
            Partition = date,
            Time = hours,
            SealedUtcTicks = new DateTime(2026, 11, 20 + hours, hours, 5, 0, DateTimeKind.Utc).Ticks,
            FirstUtcTicks = new DateTime(2026, 1 + hours, 20, 10, 5, 0, DateTimeKind.Utc).Ticks,
            LastUtcTicks = new DateTime(2026, 11, 20, 9 + hours, 5, 0, DateTimeKind.Utc).Ticks,
            Id = id,
            Epoch = epoch,
            Ordinal = ordinal,
            NamePrefix = prefix,
            Suffix = suffix,
        };

    [Fact]
    public void KeysOfAnAcceptedTemplateDifferWhereEpochOrOrdinalDoAndEveryStoreTakesThem()
    {
        int accepted = 0;
        int unusual = 0;
        Gen.Select(Template, Parts.Array[KeysOfATemplate], Gen.Int[1, 36]).Sample(
            (text, objects, shards) =>
            {
                KeyTemplateReader reader = KeyTemplateReader.Read(text);
                if (reader.Faults.Count > 0 || KeyTemplateChecks.Validate(reader.Template, "yyyy/MM/dd", "web01") is not null)
                {
                    return;
                }

                Interlocked.Increment(ref accepted);
                Interlocked.Add(ref unusual, text.EndsWith("{epoch}-{ordinal}{suffixes}", StringComparison.Ordinal) ? 0 : 1);
                Dictionary<string, (string, long)> keys = [];
                foreach (ObjectKeyParts parts in objects.Select(o => o with { Shards = shards }))
                {
                    string key = reader.Template.Fill(parts);

                    // Others take the form of Default: a stream's dates and a journal's id are checked when they are known.
                    if (KeyTemplateChecks.Validate(reader.Template, parts.Partition.Contains('/') ? "yyyy/MM/dd" : "yyyy", parts.Id) is null)
                    {
                        Assert.Null(StoreKey.Check(key));
                        Assert.Equal(key, reader.Template.Format(parts));
                    }

                    Assert.Equal("0123456789abcdefghijklmnopqrstuvwxyz"[(int)(parts.Ordinal % shards)], key[0]);
                    Assert.Equal('/', key[1]);
                    Assert.EndsWith("." + parts.Suffix, key);
                    if (!keys.TryAdd(key, (parts.Epoch, parts.Ordinal)))
                    {
                        Assert.Equal(keys[key], (parts.Epoch, parts.Ordinal));
                    }
                }
            },
            iter: 20_000);
        Assert.True(accepted > 500 && unusual > 20, $"{accepted} templates were accepted, {unusual} of them unusual.");
    }
}
