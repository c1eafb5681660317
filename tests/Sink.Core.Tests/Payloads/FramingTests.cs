using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Sink.Core.Payloads;

namespace Sink.Core.Tests.Payloads;

public class FramingTests
{
    private static readonly string[] _hostile =
    [
        "", " ", "1", "-1.5e3", "true", "null", "{}", "[]", "{\"a\":1}", " {\"a\":[1,{\"b\":\"]}\\\"\"}]} ", "\"x\"", "\"\\u005c\\\"\"", "[1,2]\n", "{\"a\":", "]", ",", "}{", "1 2", "{} {}", "\u00e9", "a, b",
        "\u0001", "\ufeff{}", "nul", "'a'", "[1,]", ", ", ",", "\r\n", "\r", "\n",
    ];

    private static readonly Gen<byte[]> _entry = Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Byte[0, 3].Array[0, 6], Gen.OneOf(_hostile.Select(static text => Gen.Const(Encoding.UTF8.GetBytes(text))).ToArray()));

    // The bytes that other programs read, of two compressed frames.
    [Theory]
    [InlineData("ndjson", "json", null, "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n")]
    [InlineData("json-array", "json", null, "[{\"a\":1},{\"b\":2},{\"c\":3}]")]
    [InlineData("length", "json", null, "\0\0\0\u0007{\"a\":1}\0\0\0\u0007{\"b\":2}\0\0\0\u0007{\"c\":3}")]
    [InlineData("concatenated", "json", null, "{\"a\":1}{\"b\":2}{\"c\":3}")]
    [InlineData("concatenated", "text", null, "{\"a\":1}{\"b\":2}{\"c\":3}")]
    [InlineData("delimited", "json", "\n", "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n")]
    [InlineData("delimited", "text", "\u001e|", "{\"a\":1}\u001e|{\"b\":2}\u001e|{\"c\":3}\u001e|")]
    [InlineData("separated", "text", ", ", "{\"a\":1}, {\"b\":2}, {\"c\":3}")]
    public void EntriesStandAsTheFormatSays(string name, string encoding, string? delimiter, string bytes)
    {
        byte[][][] frames = [["{\"a\":1}"u8.ToArray(), "{\"b\":2}"u8.ToArray()], ["{\"c\":3}"u8.ToArray()]];

        Assert.Equal(bytes, Encoding.UTF8.GetString(Framed.Write(Framing.Find(name, encoding, delimiter)!, frames)));
    }

    [Fact]
    public void ALengthIsBigEndianAndDoesNotCountItself() =>
        Assert.Equal("0000000568656c6c6f", Convert.ToHexStringLower(Framed.Write(Framing.Find("length", "unknown")!, [["hello"u8.ToArray()]])));

    [Fact]
    public void MessagePackMapsStandOneAfterTheOther()
    {
        byte[][][] frames = [[[0x81, 0xA1, 0x61, 0x01], [0x80]], [[0x81, 0xA1, 0x62, 0xC0]]];

        byte[] bytes = Framed.Write(Framing.Find("concatenated", "msgpack")!, frames);

        Assert.Equal("81a1610180" + "81a162c0", Convert.ToHexStringLower(bytes));
        Assert.Equal(frames.SelectMany(static frame => frame), Framed.Read(Framing.Find("concatenated", "msgpack")!, bytes, 1));
    }

    // Whatever a program appends, no entry costs a neighbour: each is read as one, and none is lost.
    [Theory]
    [InlineData("json-array", "json")]
    [InlineData("length", "unknown")]
    [InlineData("concatenated", "json")]
    [InlineData("concatenated", "msgpack")]
    [InlineData("eventbuf-v2", "eventbuf-v2")]
    public void AnyBytesAreReadAsTheEntryTheyWere(string name, string encoding) => Gen.Select(_entry.Array[1, 4].Array[1, 4], Gen.Int[1, 40]).Sample((frames, piece) =>
    {
        Framing framing = Framing.Find(name, encoding)!;
        byte[] bytes = Framed.Write(framing, frames);

        List<byte[]> read = Framed.Read(framing, bytes, piece);

        Assert.Equal(frames.SelectMany(static frame => frame).Select(entry => Expected(name, encoding, entry)), read.Select(entry => Found(name, encoding, entry)));
        Assert.Equal(read, Framed.Read(framing, bytes, bytes.Length));
    });

    [Fact]
    public void AnArrayIsJsonWhateverItHolds() => _entry.Array[1, 4].Array[0, 3].Sample(static frames =>
    {
        byte[] bytes = Framed.Write(Framing.Find("json-array", "json")!, frames);

        using JsonDocument document = JsonDocument.Parse(bytes);

        // The parser reads the text of strings only when asked.
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)));
        Assert.Equal(frames.Sum(static frame => frame.Length), document.RootElement.GetArrayLength());
    });

    [Fact]
    public void AnArrayOfNothingIsEmpty()
    {
        Framing framing = Framing.Find("json-array", "json")!;

        Assert.Equal("[]", Encoding.UTF8.GetString(Framed.Write(framing, [])));
        Assert.Empty(Framed.Read(framing, "[]"u8.ToArray(), 1));
        Assert.Empty(Framed.Read(framing, " [ ]\n"u8.ToArray(), 1));
    }

    [Fact]
    public void AnArrayOfAnotherWriterIsReadWithItsSpaces() => Assert.Equal(
        ["1", "\"a,]\"", "[2, {\"b\": []}]", "null"],
        Framed.Read(Framing.Find("json-array", "json")!, " [ 1 ,\n\"a,]\",\t[2, {\"b\": []}] , null]\r\n"u8.ToArray(), 1).Select(Encoding.UTF8.GetString));

    // What common readers refuse for its depth would cost them the whole array.
    [Fact]
    public void AnEntryOfEndlessDepthIsAString()
    {
        string deep = new string('[', 2_000) + new string(']', 2_000);

        byte[] bytes = Framed.Write(Framing.Find("json-array", "json")!, [[Encoding.UTF8.GetBytes(deep)]]);

        Assert.Equal(deep, (string?)JsonNode.Parse(bytes)![0]);
    }

    // An alphabet of two letters makes every overlap of an entry's end with its delimiter.
    [Theory]
    [InlineData("delimited")]
    [InlineData("separated")]
    public void EntriesThatDoNotHoldTheDelimiterAreToldApart(string name)
    {
        Gen<string> letters = Gen.OneOf(Gen.Const('a'), Gen.Const('b')).Array[0, 4].Select(static letters => new string(letters));
        int all = 0;
        Gen.Select(letters.Where(static text => text.Length > 0), letters.Array[1, 4].Array[1, 3], Gen.Int[1, 9]).Sample((delimiter, frames, piece) =>
        {
            Framing framing = Framing.Find(name, "text", delimiter)!;
            byte[][][] entries = [.. frames.Select(static frame => frame.Select(Encoding.UTF8.GetBytes).ToArray())];
            if (entries.SelectMany(static frame => frame).All(entry => framing.IsTold(entry)))
            {
                Assert.Equal(entries.SelectMany(static frame => frame), Framed.Read(framing, Framed.Write(framing, entries), piece));
                Interlocked.Increment(ref all);
            }
        });

        Assert.True(all > 0);
    }

    [Theory]
    [InlineData("\n", "a\nb", false)]
    [InlineData("\n", "\n", false)]
    [InlineData("\n", "", true)]
    [InlineData("aa", "xa", false)]
    [InlineData("ab", "xa", true)]
    [InlineData("abab", "xab", false)]
    [InlineData("0123456789abcdef", "0123456789abcde", true)]
    public void AnEntryWithItsDelimiterIsKnown(string delimiter, string entry, bool isTold) =>
        Assert.Equal(isTold, Framing.Find("delimited", "text", delimiter)!.IsTold(Encoding.UTF8.GetBytes(entry)));

    [Theory]
    [InlineData("ndjson", "json", ".ndjson", "application/x-ndjson")]
    [InlineData("ndjson", "clef", ".clef.ndjson", "application/x-ndjson")]
    [InlineData("json-array", "json", ".json", "application/json")]
    [InlineData("json-array", "clef", ".clef.json", "application/json")]
    [InlineData("length", "unknown", ".bin", "application/octet-stream")]
    [InlineData("length", "json", ".length.json", "application/octet-stream")]
    [InlineData("length", "msgpack", ".length.msgpack", "application/octet-stream")]
    [InlineData("length", "vnd.a+b", ".length.vnd-a-b", "application/octet-stream")]
    [InlineData("length", "gz", ".length.x-gz", "application/octet-stream")]
    [InlineData("length", "ZST", ".length.x-ZST", "application/octet-stream")]
    [InlineData("concatenated", "msgpack", ".msgpack", "application/vnd.msgpack")]
    [InlineData("concatenated", "json", ".concat.json", "application/octet-stream")]
    [InlineData("concatenated", "text", ".concat.text", "application/octet-stream")]
    [InlineData("delimited", "json", ".delimited.json", "application/octet-stream")]
    [InlineData("separated", "text", ".separated.text", "text/plain; charset=utf-8")]
    [InlineData("eventbuf-v2", "eventbuf-v2", ".eventbuf", "application/eventbuf-v2")]
    public void ASuffixTellsTheFramingAndTheEncoding(string name, string encoding, string suffix, string contentType)
    {
        Framing framing = Framing.Find(name, encoding, "\n")!;

        Assert.Equal(name, framing.Name);
        Assert.Equal(suffix, framing.Suffix);
        Assert.Equal(contentType, framing.ContentType);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12345678901234567")]
    [InlineData("ééééééééé")]
    public void ADelimiterOutsideItsBoundsIsNotKnown(string? delimiter)
    {
        Assert.Null(Framing.Find("delimited", "text", delimiter));
        Assert.Null(Framing.Find("separated", "text", delimiter));
    }

    [Fact]
    public void HalfOfASurrogatePairIsNoDelimiter()
    {
        Assert.NotNull(Framing.Find("delimited", "text", "\ud83d\ude00"));
        Assert.Null(Framing.Find("delimited", "text", "\ud83d"));
        Assert.Null(Framing.Find("delimited", "text", "\ude00\ud83d"));
    }

    [Theory]
    [InlineData("json-array", "json", "{}", "There is the byte 7b where a '[' must be")]
    [InlineData("json-array", "json", "[1 2", "There is the byte 32 where a ',' must be")]
    [InlineData("json-array", "json", "[1,]", "An entry cannot begin with the byte 5d")]
    [InlineData("json-array", "json", "[1]]", "Bytes follow the end of the array")]
    [InlineData("json-array", "json", "[] 1", "Bytes follow the end of the array")]
    [InlineData("concatenated", "json", "x", "An entry cannot begin with the byte 78")]
    [InlineData("concatenated", "msgpack", "\u0001\u00c1", "An entry has the byte c1")]
    [InlineData("eventbuf-v2", "eventbuf-v2", "{}", "An event has the version 7d")]
    [InlineData("eventbuf-v2", "eventbuf-v2", "\u00c1", "An event cannot begin with the byte c1")]
    [InlineData("eventbuf-v2", "eventbuf-v2", "\u00ce\u00ff\u00ff\u00ff\u00ff", "An event cannot have 4294967295 bytes")]
    [InlineData("eventbuf-v2", "eventbuf-v2", "\0", "The fields of an event are not those that its version has")]
    [InlineData("eventbuf-v2", "eventbuf-v2", "\u0003\u0002\u00a1\u00a1", "The fields of an event are not those that its version has")]
    [InlineData("length", "json", "\u00ff\u00ff\u00ff\u00ff", "An entry cannot have -1 bytes")]
    public void BytesOfNoSuchObjectAreDamage(string name, string encoding, string latin, string says)
    {
        EntrySplitter splitter = Framing.Find(name, encoding)!.CreateSplitter();
        byte[] bytes = Encoding.Latin1.GetBytes(latin);

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() =>
        {
            for (int at = 0; splitter.TrySplit(bytes.AsSpan(at), out _, out int consumed); at += consumed)
            {
            }
        });

        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EntriesThatDoNotSayWhereTheyEndAreNotCut()
    {
        Assert.False(Framing.Find("concatenated", "text")!.CanSplit);
        Assert.All(Framed.All(), static row => Assert.True(Framing.Find(row.Data.Item1, row.Data.Item2, row.Data.Item3)!.CanSplit));
    }

    private static string Expected(string name, string encoding, byte[] entry) => (name, encoding) switch
    {
        ("json-array" or "concatenated", "json") => IsJson(entry) ? Encoding.UTF8.GetString(entry).Trim(' ', '\t', '\r', '\n') : "text " + Convert.ToHexString(entry),
        _ => Convert.ToHexString(entry),
    };

    /// <summary>What was appended, out of the stand-in where there is one; as another program reads it, not as we do.</summary>
    private static string Found(string name, string encoding, byte[] read)
    {
        switch (name, encoding)
        {
            case ("json-array" or "concatenated", "json"):
                JsonNode? value = JsonNode.Parse(read);
                if (value is JsonObject { Count: 1 } stand && stand["base64"] is { } base64)
                {
                    return "text " + Convert.ToHexString(Convert.FromBase64String((string)base64!));
                }

                // A string that was appended as JSON stays; one that is a stand-in holds what is none.
                return value?.GetValueKind() == JsonValueKind.String && !IsJson(Encoding.UTF8.GetBytes((string)value!)) && !_hostile.Contains(Encoding.UTF8.GetString(read))
                    ? "text " + Convert.ToHexString(Encoding.UTF8.GetBytes((string)value!))
                    : Encoding.UTF8.GetString(read);
            case ("concatenated", "msgpack"):
                int head = read[0] == 0xC4 ? 2 : 0;
                return Convert.ToHexString(read.AsSpan(head));
            case ("eventbuf-v2", _):
                int at = read.AsSpan().IndexOf("{\"base64\":\""u8) + 11;
                return Convert.ToHexString(Convert.FromBase64String(Encoding.ASCII.GetString(read.AsSpan(at, read.AsSpan(at).IndexOf((byte)'"')))));
            default:
                return Convert.ToHexString(read);
        }
    }

    private static bool IsJson(byte[] bytes)
    {
        try
        {
            JsonNode.Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = true });
            return true;
        }
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException)
        {
            return false;
        }
    }
}
