using System.Buffers;
using CsCheck;
using MessagePack;

namespace Serilog.Sinks.S3Journal.Tests.Payload;

public class MessagePackEntryFormatTests
{
    private readonly Utf8Buffer _output = new();

    [Fact]
    public void IntegersAreInTheirShortestForm()
    {
        long[] edges = [.. Enumerable.Range(0, 64).SelectMany(static bit => new[] { (1L << bit) - 1, 1L << bit, -(1L << bit), -(1L << bit) - 1 }), -32, -33, 127, 128];
        foreach (long edge in edges)
        {
            AssertSame(() => MessagePackEntryFormat.Integer(edge, _output), (ref MessagePackWriter writer) => writer.Write(edge));
            AssertSame(() => MessagePackEntryFormat.Integer((ulong)edge, _output), (ref MessagePackWriter writer) => writer.Write((ulong)edge));
        }

        Gen.Long.Sample(number => AssertSame(() => MessagePackEntryFormat.Integer(number, _output), (ref MessagePackWriter writer) => writer.Write(number)), threads: 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void BytesAreInTheirShortestForm(int count)
    {
        byte[] bytes = new byte[count];
        AssertSame(() => MessagePackEntryFormat.Bytes(bytes, _output), (ref MessagePackWriter writer) => writer.Write(bytes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    public void TheLastOfManyCanBeTakenBack(int count)
    {
        int outer = MessagePackEntryFormat.BeginArray(_output);
        MessagePackEntryFormat.Next(outer, _output);
        int map = MessagePackEntryFormat.BeginMap(_output);
        for (int i = 0; i < count; i++)
        {
            int begin = MessagePackEntryFormat.Next(map, _output);
            MessagePackEntryFormat.Name($"N{i}", _output);
            MessagePackEntryFormat.Integer((long)i, _output);
            if (i == count - 1)
            {
                MessagePackEntryFormat.TakeBack(map, begin, _output);
            }
        }

        MessagePackEntryFormat.Next(outer, _output);
        MessagePackEntryFormat.Text("after"u8, _output);

        MessagePackReader reader = new(_output.Written.ToArray());
        Assert.Equal(2, reader.ReadArrayHeader());
        Assert.Equal(count - 1, reader.ReadMapHeader());
        for (int i = 0; i < count - 1; i++)
        {
            Assert.Equal($"N{i}", reader.ReadString());
            Assert.Equal(i, reader.ReadInt32());
        }

        Assert.Equal("after", reader.ReadString());
        Assert.True(reader.End);
    }

    private delegate void Writes(ref MessagePackWriter writer);

    private void AssertSame(Action ours, Writes theirs)
    {
        ArrayBufferWriter<byte> expected = new();
        MessagePackWriter writer = new(expected);
        theirs(ref writer);
        writer.Flush();
        _output.Clear();
        ours();
        Assert.Equal(expected.WrittenSpan.ToArray(), _output.Written.ToArray());
    }
}
