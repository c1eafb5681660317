using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Sink.Core.Payloads;

namespace Sink.Core.Tests.Payloads;

public class NdjsonFramingTests
{
    [Fact]
    public void ALineIsAlwaysOneEntry() => Gen.Byte.Array[0, 40].Array[0, 20].Sample(payloads =>
    {
        EntrySplitter splitter = NdjsonFraming.Instance.CreateSplitter();
        ReadOnlySpan<byte> bytes = Write(payloads);

        foreach (byte[] payload in payloads)
        {
            Assert.True(splitter.TrySplit(bytes, out Range entry, out int consumed));
            Assert.Equal(payload.Select(b => b is 10 or 13 ? (byte)32 : b).ToArray(), bytes[entry].ToArray());
            bytes = bytes[consumed..];
        }

        Assert.True(bytes.IsEmpty && splitter.IsEnd(bytes));
    });

    [Fact]
    public void ADocumentOfManyLinesKeepsItsValue()
    {
        string document = "{\r\n  \"a\": [1,\r\n 2],\n  \"b\": \"one\\r\\ntwo\"\n}\n";

        byte[] line = Write(Encoding.UTF8.GetBytes(document));

        Assert.Equal(line.Length - 1, line.AsSpan().IndexOf((byte)'\n'));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(document), JsonNode.Parse(line)));
    }

    [Fact]
    public void ALineWithoutItsEndIsNoEntry()
    {
        EntrySplitter splitter = NdjsonFraming.Instance.CreateSplitter();

        Assert.False(splitter.TrySplit("{\"a\":1}"u8, out _, out _));
        Assert.False(splitter.IsEnd("{\"a\":1}"u8));
        Assert.False(splitter.TrySplit([], out _, out _));
    }

    [Fact]
    public void TheNameLeadsBackToTheFraming()
    {
        Assert.Same(NdjsonFraming.Instance, Framing.Find("ndjson", "json"));
        Assert.Null(Framing.Find("csv", "json"));
        Assert.Equal(".ndjson", NdjsonFraming.Instance.Suffix);
    }

    private static byte[] Write(params byte[][] payloads)
    {
        ArrayBufferWriter<byte> output = new();
        foreach (byte[] payload in payloads)
        {
            NdjsonFraming.Instance.Write(output, payload, isFirst: false);
        }

        return output.WrittenSpan.ToArray();
    }
}
