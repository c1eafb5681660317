using System.Text;
using System.Text.Json;
using CsCheck;
using Sink.Core.Payloads;

namespace Sink.Core.Tests.Payloads;

public class OtlpFramingTests
{
    private static readonly string[] _hostile = ["", "\"", "\\", "\\\"", "]", "}", "{", "\"scopeLogs\":[", "]}]}\n", "{}", "é\u0000"];

    public static TheoryData<string, string> Framings() => new()
    {
        { OtlpJsonFraming.LinesName, "otlp-logs" },
        { OtlpJsonFraming.LinesName, "otlp-traces" },
        { OtlpJsonFraming.DocumentName, "otlp-logs" },
        { OtlpJsonFraming.DocumentName, "otlp-traces" },
        { OtlpProtobufFraming.FramingName, "otlp-logs" },
        { LengthFraming.FramingName, "unknown" },
    };

    [Theory]
    [MemberData(nameof(Framings))]
    public void WhatWasWrittenIsReadInWholeAndInPieces(string name, string encoding)
    {
        Gen<string> text = Gen.OneOf(Gen.String, Gen.OneOf(_hostile.Select(static text => Gen.Const(text)).ToArray()));
        Gen.Select(text.Array[1, 5].Array[1, 4], text, Gen.Int[1, 40]).Sample((frames, header, piece) =>
        {
            byte[][][] entries = [.. frames.Select(static frame => frame.Select(static text => JsonSerializer.SerializeToUtf8Bytes(new { text })).ToArray())];
            byte[] bytes = Framed.Write(Framing.Find(name, encoding)!, entries, Header(name, header));

            Assert.Equal(entries.SelectMany(static frame => frame).Select(Encoding.UTF8.GetString), Framed.Read(Framing.Find(name, encoding)!, bytes, bytes.Length).Select(Encoding.UTF8.GetString));
            Assert.Equal(entries.SelectMany(static frame => frame).Select(Encoding.UTF8.GetString), Framed.Read(Framing.Find(name, encoding)!, bytes, piece).Select(Encoding.UTF8.GetString));
        });
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void AnObjectThatIsCutOffIsNotTakenForWhole(string name, string encoding)
    {
        Framing framing = Framing.Find(name, encoding)!;
        byte[][][] entries = [["{\"a\":1}"u8.ToArray(), "{\"b\":\"]}\"}"u8.ToArray()], ["{\"c\":2}"u8.ToArray()]];
        byte[] bytes = Framed.Write(framing, entries, Header(name, "r"));

        for (int length = 1; length < bytes.Length; length++)
        {
            EntrySplitter splitter = framing.CreateSplitter();
            (int found, byte[] rest) = Split(splitter, bytes.AsSpan(0, length));

            // A cut between two frames of concatenated messages shows in the count; so does a missing last line feed.
            Assert.True(found < 3 || !splitter.IsEnd(rest) || length >= bytes.Length - 1, $"{name} cut at {length} of {bytes.Length}");
        }
    }

    [Fact]
    public void ADocumentIsOneDocument()
    {
        byte[][][] entries = [["{\"a\":1}"u8.ToArray(), "{\"b\":2}"u8.ToArray()], ["{\"c\":3}"u8.ToArray()]];

        string whole = Encoding.UTF8.GetString(Framed.Write(Framing.Find("otlp-json", "otlp-logs")!, entries, "\"resource\":{\"r\":0}"u8));
        string lines = Encoding.UTF8.GetString(Framed.Write(Framing.Find("otlp-jsonl", "otlp-traces")!, entries, default));

        Assert.Equal("""{"resourceLogs":[{"resource":{"r":0},"scopeLogs":[{"a":1},{"b":2}]},{"resource":{"r":0},"scopeLogs":[{"c":3}]}]}""", whole);
        Assert.Equal("{\"resourceSpans\":[{\"scopeSpans\":[{\"a\":1},{\"b\":2}]}]}\n{\"resourceSpans\":[{\"scopeSpans\":[{\"c\":3}]}]}\n", lines);
    }

    [Theory]
    [InlineData("\t{\"p\":1}\t")]
    [InlineData(" {\"p\":1}\r\n")]
    [InlineData("")]
    public void WhiteSpaceAroundAnEntryCostsNothing(string entry)
    {
        byte[] bytes = Framed.Write(Framing.Find("otlp-json", "otlp-logs")!, [[Encoding.UTF8.GetBytes(entry), Encoding.UTF8.GetBytes(entry)]], default);

        using JsonDocument document = JsonDocument.Parse(bytes);
        Assert.Equal(2, Framed.Read(Framing.Find("otlp-json", "otlp-logs")!, bytes, bytes.Length).Count);
    }

    [Theory]
    [InlineData("12", "A field begins with the byte 12")]
    [InlineData("0a022200", "A field begins with the byte 22")]
    [InlineData("0a0212050000", "A field is longer than the message around it")]
    [InlineData("0affffffffff00", "A length has more bits than 31")]
    public void BytesThatAreNoMessageOfOursAreDamage(string hex, string says)
    {
        EntrySplitter splitter = Framing.Find("otlp-binpb", "otlp-logs")!.CreateSplitter();
        byte[] bytes = [.. Convert.FromHexString(hex), 0, 0];

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => splitter.TrySplit(bytes, out _, out _));

        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFramingOfAnotherEncodingIsNotKnown()
    {
        Assert.Null(Framing.Find("otlp-json", "json"));
        Assert.Null(Framing.Find("otlp-binpb", "unknown"));
    }

    private static byte[] Header(string framing, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return framing switch
        {
            OtlpProtobufFraming.FramingName => [0x0A, (byte)Math.Min(bytes.Length, 127), .. bytes.Take(127), 0x1A, 1, (byte)'u'],
            LengthFraming.FramingName => [],
            _ => [.. "\"resource\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(new { text }), .. ",\"schemaUrl\":\"u\""u8],
        };
    }

    private static (int Found, byte[] Left) Split(EntrySplitter splitter, ReadOnlySpan<byte> bytes)
    {
        int found = 0;
        while (splitter.TrySplit(bytes, out _, out int consumed))
        {
            found++;
            bytes = bytes[consumed..];
        }

        return (found, bytes.ToArray());
    }
}
