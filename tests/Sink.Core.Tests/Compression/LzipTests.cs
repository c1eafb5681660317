using System.Buffers.Binary;
using CsCheck;
using Sink.Core.Compressing;

namespace Sink.Core.Tests.Compressing;

/// <summary>What is peculiar to lzip: a header with the dictionary, a trailer with checksum and sizes.</summary>
public class LzipTests
{
    private static readonly LzmaCompressor _compressor = new(0);

    [Fact]
    public void AMemberSaysItsDictionaryChecksumAndSizes()
    {
        byte[] text = CompressorTests.Lines(60);

        byte[] member = CompressorTests.Compress(_compressor, text);

        Assert.Equal("LZIP\u0001"u8.ToArray(), member[..5]);
        Assert.Equal(12, member[5]);
        Assert.Equal(text.Length, BinaryPrimitives.ReadInt64LittleEndian(member.AsSpan(member.Length - 16)));
        Assert.Equal(member.Length, BinaryPrimitives.ReadInt64LittleEndian(member.AsSpan(member.Length - 8)));
    }

    // The check value of the CRC catalogues.
    [Fact]
    public void TheChecksumIsTheOneOfGzip() => Assert.Equal(0xCBF43926, LzipMember.UpdateCrc(LzipMember.UpdateCrc(0, "1234"u8), "56789"u8));

    // Many small ones: the decoder must stop at the last byte of each, whatever its text.
    [Fact]
    public void MembersOfAnyTextEndWhereTheyEnd() =>
        Gen.Select(Gen.Int[0, 9], Gen.Byte.Array[1, 40].Array[1, 30], Gen.Int[1, 50]).Sample(
            (level, texts, piece) =>
            {
                using LzmaCompressor compressor = new(level);
                byte[] members = CompressorTests.Compress(compressor, texts);

                Assert.Equal(texts.SelectMany(t => t).ToArray(), CompressorTests.Decode(compressor.Decompress(new PiecewiseStream(members, piece)), 7));
            },
            iter: 100);

    [Theory]
    [InlineData(20)]
    [InlineData(13)]
    [InlineData(5)]
    public void AChecksumOrSizeThatIsWrongIsReported(int fromEnd)
    {
        byte[] member = CompressorTests.Compress(_compressor, CompressorTests.Lines(100));
        member[^fromEnd] ^= 1;

        Assert.IsType<InvalidDataException>(CompressorTests.TryDecode(_compressor, member).Error);
    }

    // 512 MiB are allowed by the format, and one flipped bit away.
    [Theory]
    [InlineData(29)]
    [InlineData(27)]
    [InlineData(11)]
    [InlineData(0)]
    public void ADictionaryOfAnUnlikelySizeIsRefused(byte power)
    {
        byte[] member = CompressorTests.Compress(_compressor, CompressorTests.Lines(100));
        member[5] = power;

        Assert.IsType<InvalidDataException>(CompressorTests.TryDecode(_compressor, member).Error);
    }

    [Fact]
    public void AnErrorOfTheSourceIsNotTakenForDamage()
    {
        byte[] members = CompressorTests.Compress(_compressor, [.. Enumerable.Repeat(CompressorTests.Lines(1000), 40)]);
        using Stream stream = _compressor.Decompress(new FailingStream(members, members.Length - 1));

        Assert.Equal("the network is gone", Assert.Throws<IOException>(() => stream.CopyTo(Stream.Null)).Message);
    }

    /// <summary>Gives so many bytes, then throws.</summary>
    private sealed class FailingStream(byte[] bytes, int good) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer)
        {
            if (Position >= good)
            {
                throw new IOException("the network is gone");
            }

            return base.Read(buffer[..(int)Math.Min(buffer.Length, good - Position)]);
        }
    }
}
