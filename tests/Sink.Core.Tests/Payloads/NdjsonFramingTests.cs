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
        ReadOnlySpan<byte> bytes = Write(payloads);

        foreach (byte[] payload in payloads)
        {
            Assert.True(NdjsonFraming.Instance.TrySplit(bytes, out int length, out int consumed));
            Assert.Equal(payload.Select(b => b is 10 or 13 ? (byte)32 : b).ToArray(), bytes[..length].ToArray());
            bytes = bytes[consumed..];
        }

        Assert.True(bytes.IsEmpty);
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
        Assert.False(NdjsonFraming.Instance.TrySplit("{\"a\":1}"u8, out _, out _));
        Assert.False(NdjsonFraming.Instance.TrySplit([], out _, out _));
    }

    [Fact]
    public void TheNameLeadsBackToTheFraming()
    {
        Assert.Same(NdjsonFraming.Instance, Framing.FromName("ndjson"));
        Assert.Null(Framing.FromName("csv"));
        Assert.Equal(".ndjson", NdjsonFraming.Instance.Suffix);
    }

    private static byte[] Write(params byte[][] payloads)
    {
        ArrayBufferWriter<byte> output = new();
        foreach (byte[] payload in payloads)
        {
            NdjsonFraming.Instance.Write(output, payload);
        }

        return output.WrittenSpan.ToArray();
    }
}
