using System.Buffers.Binary;
using CsCheck;
using Sink.Core.Compressing;

namespace Sink.Core.Tests.Compressing;

/// <summary>What is peculiar to the snappy framing format: chunks.</summary>
public class SnappyTests
{
    private static readonly SnappyCompressor _compressor = new();

    // google/snappy, framing_format.txt: type, 3 bytes of length, masked CRC-32C of the text.
    [Fact]
    public void ATextTooSmallToCompressIsOneChunkOfPlainBytes()
    {
        byte[] frame = CompressorTests.Compress(_compressor, "hello"u8.ToArray());

        // CRC-32C of "hello" is 9a71bb4c; rotated right by 15 and offset it is 191c1fbb.
        Assert.Equal("ff060000734e61507059" + "01090000" + "bb1f1c19" + "68656c6c6f", Convert.ToHexStringLower(frame));
    }

    [Fact]
    public void TextIsCutIntoChunksOf64KiB()
    {
        byte[] text = CompressorTests.Lines(5000);

        int[] lengths = [.. Chunks(CompressorTests.Compress(_compressor, text)).Where(chunk => chunk.Type != SnappyChunk.Identifier).Select(chunk => chunk.Length)];

        Assert.Equal((text.Length + 65535) / 65536, lengths.Length);
    }

    [Fact]
    public void BytesThatDoNotCompressGrowByLittle() =>
        Gen.Byte.Array[70_000].Sample(
            text =>
            {
                byte[] frame = CompressorTests.Compress(_compressor, text);

                Assert.Equal(10 + 8 + 8 + text.Length, frame.Length);
                Assert.Equal(text, CompressorTests.Decode(_compressor.Decompress(new MemoryStream(frame)), 4096));
            },
            iter: 20);

    [Fact]
    public void PaddingOfAnyLengthIsPassedOver()
    {
        byte[] text = CompressorTests.Lines(100);
        byte[] frame = CompressorTests.Compress(_compressor, text);
        foreach (int length in (int[])[0, 1, 76_000, 200_000, 0xFFFFFF])
        {
            byte[] padding = new byte[4 + length];
            BinaryPrimitives.WriteInt32LittleEndian(padding, SnappyChunk.Padding | (length << 8));

            Assert.Equal([.. text, .. text], CompressorTests.Decode(_compressor.Decompress(new MemoryStream([.. frame, .. padding, .. frame, .. padding])), 4096));
            Assert.IsType<EndOfStreamException>(CompressorTests.TryDecode(_compressor, [.. frame, .. padding[..^1]]).Error);
        }
    }

    // A flipped bit in its first byte makes a chunk of text one that readers may pass over.
    [Theory]
    [InlineData(0x80)]
    [InlineData(0x81)]
    [InlineData(0xFD)]
    [InlineData(0x02)]
    [InlineData(0x7F)]
    public void AChunkOfAnUnknownKindIsReported(byte type)
    {
        byte[] frame = CompressorTests.Compress(_compressor, CompressorTests.Lines(10));
        frame[10] = type;

        Assert.IsType<InvalidDataException>(CompressorTests.TryDecode(_compressor, frame).Error);
    }

    [Fact]
    public void AnIdentifierWithNothingBehindItIsATruncatedTail()
    {
        byte[] frame = CompressorTests.Compress(_compressor, CompressorTests.Lines(10));

        Assert.IsType<EndOfStreamException>(CompressorTests.TryDecode(_compressor, frame[..10]).Error);
        Assert.IsType<EndOfStreamException>(CompressorTests.TryDecode(_compressor, [.. frame, .. frame[..10]]).Error);
    }

    // A chunk is given out only after its checksum; so what comes out before damage was written.
    [Fact]
    public void DamageGivesOutWholeChunksBeforeItAndNothingElse()
    {
        byte[] text = CompressorTests.Lines(5000);
        byte[] frame = CompressorTests.Compress(_compressor, text);
        frame[^5] ^= 1;

        (byte[] decoded, Exception? error) = CompressorTests.TryDecode(_compressor, frame);

        Assert.IsType<InvalidDataException>(error);
        Assert.Equal(text.Length / 65536 * 65536, decoded.Length);
        Assert.True(text.AsSpan().StartsWith(decoded));
    }

    private static IEnumerable<(byte Type, int Length)> Chunks(byte[] frame)
    {
        for (int at = 0; at < frame.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(frame.AsSpan(at)) >>> 8;
            yield return (frame[at], length);
            at += 4 + length;
        }
    }
}
