using System.Buffers;
using System.Text;
using CsCheck;
using Sink.Core.Compressing;

namespace Sink.Core.Tests.Compressing;

public class CompressorTests
{
    private static readonly Gen<byte[]> AnyText = Gen.OneOf(
        Gen.Byte.Array[0, 300],
        Gen.Int[1, 40].Select(n => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, n).Select(i => $"{{\"@mt\":\"Order {{Id}} paid\",\"Id\":{i * 7919}}}\n")))),
        Gen.Select(Gen.Byte, Gen.Int[0, 200_000]).Select((value, count) => Enumerable.Repeat(value, count).ToArray()));

    private static readonly Gen<Compressor> AnyCompressor = Gen.OneOf(
        Gen.Const(0).Select(_ => Compressors.Create(Compression.None, null)),
        Gen.Const(0).Select(_ => Compressors.Create(Compression.Snappy, null)),
        Gen.Int[0, 9].Select(level => Compressors.Create(Compression.Gzip, level)),
        Gen.Int[0, 9].Select(level => Compressors.Create(Compression.Lzma, level)),
        Gen.Int[0, 9].Select(level => Compressors.Create(Compression.Xz, level)),
        Gen.Int[-5, 12].Select(level => Compressors.Create(Compression.Zstd, level)));

    public static TheoryData<Compression> All => [.. Enum.GetValues<Compression>().Except([Compression.None])];

    [Fact]
    public void ConcatenatedFramesDecodeAsOneWhateverTheSizeOfReads()
    {
        Gen.Select(AnyCompressor, AnyText.Array[0, 5], Gen.Int[1, 5000], Gen.Int[1, 5000]).Sample(
            (compressor, texts, inputPiece, outputPiece) =>
            {
                using Compressor owned = compressor;
                byte[] frames = Compress(compressor, texts);

                byte[] decoded = Decode(compressor.Decompress(new PiecewiseStream(frames, inputPiece)), outputPiece);

                Assert.Equal(texts.SelectMany(t => t).ToArray(), decoded);
            },
            iter: 400);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ReadingAsynchronouslyGivesTheSame(Compression compression)
    {
        using Compressor compressor = Compressors.Create(compression, null);
        byte[] text = Lines(1000);
        byte[] frames = Compress(compressor, text, text);
        MemoryStream decoded = new();

        await using (Stream stream = compressor.Decompress(new PiecewiseStream(frames, 77)))
        {
            await stream.CopyToAsync(decoded, TestContext.Current.CancellationToken);
        }

        Assert.Equal([.. text, .. text], decoded.ToArray());
        Exception? error = await Record.ExceptionAsync(() => compressor.Decompress(new MemoryStream(frames[..^1])).CopyToAsync(Stream.Null));
        Assert.True(error is InvalidDataException or EndOfStreamException, $"{error}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AFrameOfMoreThanAMegabyteIsOneFrame(Compression compression)
    {
        using Compressor compressor = Compressors.Create(compression, null);
        byte[] text = Lines(100_000);

        byte[] frame = Compress(compressor, text);

        Assert.True(frame.Length < text.Length / 3);
        Assert.Equal(text, Decode(compressor.Decompress(new MemoryStream(frame)), 81920));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TheSameInputGivesTheSameBytes(Compression compression)
    {
        using Compressor compressor = Compressors.Create(compression, null);
        using Compressor another = Compressors.Create(compression, null);
        byte[] first = Compress(compressor, Lines(500));
        Compress(compressor, Lines(3));

        Assert.Equal(first, Compress(compressor, Lines(500)));
        Assert.Equal(first, Compress(another, Lines(500)));
    }

    [Theory]
    [InlineData(Compression.Zstd, 1)]
    [InlineData(Compression.Zstd, 19)]
    [InlineData(Compression.Gzip, 0)]
    [InlineData(Compression.Gzip, 1)]
    [InlineData(Compression.Gzip, 9)]
    [InlineData(Compression.Snappy, null)]
    [InlineData(Compression.Lzma, 0)]
    [InlineData(Compression.Lzma, 9)]
    [InlineData(Compression.Xz, 0)]
    [InlineData(Compression.Xz, 9)]
    public async Task ACutAnywhereInsideAFrameIsReportedAndGivesNothingThatWasNotWritten(Compression compression, int? level)
    {
        using Compressor compressor = Compressors.Create(compression, level);
        byte[] first = Compress(compressor, Lines(30));
        byte[] second = Compress(compressor, Lines(20));
        byte[] whole = [.. first, .. second];
        byte[] text = [.. Lines(30), .. Lines(20)];

        for (int length = 1; length < whole.Length; length++)
        {
            if (length == first.Length)
            {
                continue;
            }

            (byte[] decoded, Exception? error) = TryDecode(compressor, whole[..length]);
            Assert.True(error is InvalidDataException or EndOfStreamException, $"cut at {length}: {error}");
            Assert.True(text.AsSpan().StartsWith(decoded), $"cut at {length} gave bytes that were never written");
            Assert.True(length < first.Length || decoded.Length >= Lines(30).Length, $"cut at {length} lost the frame before it");
            Assert.IsType(error.GetType(), await Record.ExceptionAsync(() => compressor.Decompress(new PiecewiseStream(whole[..length], 100)).CopyToAsync(Stream.Null)));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AFlippedBitIsReportedOrChangesNothing(Compression compression)
    {
        using Compressor compressor = Compressors.Create(compression, null);
        byte[] text = Lines(8);
        byte[] frames = Compress(compressor, text, text);
        int silent = 0;

        for (int bit = 0; bit < frames.Length * 8; bit++)
        {
            byte[] rotten = [.. frames];
            rotten[bit / 8] ^= (byte)(1 << (bit % 8));

            (byte[] decoded, Exception? error) = TryDecode(compressor, rotten);

            Assert.True(error is null or InvalidDataException or EndOfStreamException, $"bit {bit}: {error}");
            if (error is null)
            {
                silent++;
                Assert.Equal([.. text, .. text], decoded);
            }
        }

        // Time, operating system and unused bits of the headers; padding of a bit stream.
        Assert.True(silent < frames.Length * 8 / 10, $"{silent} of {frames.Length * 8} flips passed");
    }

    // A reader that looks again behind damage must not take what is left for all there was.
    [Theory]
    [InlineData(Compression.Snappy)]
    [InlineData(Compression.Lzma)]
    [InlineData(Compression.Xz)]
    public void BehindDamageNothingIsGivenOut(Compression compression)
    {
        using Compressor compressor = Compressors.Create(compression, null);
        byte[] frames = Compress(compressor, Lines(3), Lines(2));
        byte[] buffer = new byte[4096];
        for (int at = 0; at < frames.Length; at++)
        {
            byte[] rotten = [.. frames];
            rotten[at] ^= 0x40;
            using Stream stream = compressor.Decompress(new MemoryStream(at % 2 == 0 ? rotten : frames[..at]));
            if (Record.Exception(() => ReadOn(stream, buffer)) is not null)
            {
                Assert.IsType<InvalidDataException>(Record.Exception(() => ReadOn(stream, buffer)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void SomethingElseBehindTheLastFrameIsReported(Compression compression)
    {
        using Compressor compressor = Compressors.Create(compression, null);

        // Of xz, zeroes in fours are padding that the format allows.
        byte[] frames = [.. Compress(compressor, Lines(3)), .. new byte[99]];

        Assert.IsType<InvalidDataException>(TryDecode(compressor, frames).Error);
        Assert.IsType<InvalidDataException>(TryDecode(compressor, Lines(3)).Error);
    }

    [Fact]
    public void NothingIsNoFrame()
    {
        foreach (Compression compression in Enum.GetValues<Compression>())
        {
            using Compressor compressor = Compressors.Create(compression, null);
            Assert.Empty(Compress(compressor, []));
            Assert.Empty(Decode(compressor.Decompress(new MemoryStream()), 100));
        }
    }

    [Theory]
    [InlineData(Compression.Zstd, "zstd", ".zst", "application/zstd")]
    [InlineData(Compression.Gzip, "gzip", ".gz", "application/gzip")]
    [InlineData(Compression.Snappy, "snappy", ".sz", "application/x-snappy-framed")]
    [InlineData(Compression.Lzma, "lzma", ".lz", "application/x-lzip")]
    [InlineData(Compression.Xz, "xz", ".xz", "application/x-xz")]
    [InlineData(Compression.None, "none", "", "application/octet-stream")]
    public void NamesSuffixesAndContentTypesAreFixed(Compression compression, string name, string suffix, string contentType)
    {
        using Compressor compressor = Compressors.Create(compression, null);

        Assert.Equal((name, suffix, contentType), (compressor.Name, compressor.Suffix, compressor.ContentType));
        Assert.Equal(name, Compressors.FromName(name)?.Name);
        Assert.Null(Compressors.FromName("brotli"));
    }

    [Fact]
    public void EachCompressionHasNamesOfItsOwnAndKeepsItsNumber()
    {
        FrameKind[] kinds = [.. Enum.GetValues<Compression>().Select(FrameKind.Of)];

        Assert.Equal([0, 1, 2, 3, 4, 5], Enum.GetValues<Compression>().Select(c => (int)c));
        Assert.Equal(["Zstd", "Gzip", "None", "Snappy", "Lzma", "Xz"], Enum.GetNames<Compression>());
        Assert.Equal(kinds.Length, kinds.Select(kind => kind.Name).Distinct().Count());
        Assert.Equal(kinds.Length, kinds.Select(kind => kind.Suffix).Distinct().Count());
        Assert.All(kinds, kind => Assert.Equal(kind, FrameKind.Of(Compressors.FromName(kind.Name)!)));
    }

    [Fact]
    public void EveryLevelIsOneTheCompressorTakes()
    {
        byte[] text = Lines(300);
        foreach (Compression compression in Enum.GetValues<Compression>())
        {
            (int Least, int Most, int Usual) levels = Compressors.Levels(compression) ?? (0, 0, 0);
            Assert.InRange(levels.Usual, levels.Least, levels.Most);
            for (int level = levels.Least; level <= levels.Most; level++)
            {
                using Compressor compressor = Compressors.Create(compression, level);
                Assert.Equal(text, Decode(compressor.Decompress(new MemoryStream(Compress(compressor, text))), 4096));
            }
        }
    }

    [Theory]
    [InlineData(Compression.Gzip, -1)]
    [InlineData(Compression.Gzip, 10)]
    [InlineData(Compression.Zstd, 23)]
    [InlineData(Compression.Lzma, -1)]
    [InlineData(Compression.Lzma, 10)]
    [InlineData(Compression.Xz, -1)]
    [InlineData(Compression.Xz, 10)]
    public void ALevelThatDoesNotExistIsRefused(Compression compression, int level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Compressors.Create(compression, level));

    internal static byte[] Lines(int count) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => $"{{\"@t\":\"2026-11-22T10:15:{i % 60:00}Z\",\"n\":{i * 7919}}}\n")));

    internal static byte[] Compress(Compressor compressor, params byte[][] texts)
    {
        ArrayBufferWriter<byte> output = new();
        foreach (byte[] text in texts)
        {
            compressor.Compress(text, output);
        }

        return output.WrittenSpan.ToArray();
    }

    internal static byte[] Decode(Stream stream, int piece)
    {
        using Stream owned = stream;
        MemoryStream decoded = new();
        byte[] buffer = new byte[piece];
        for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            decoded.Write(buffer, 0, count);
        }

        return decoded.ToArray();
    }

    internal static (byte[] Decoded, Exception? Error) TryDecode(Compressor compressor, byte[] frames)
    {
        using Stream stream = compressor.Decompress(new MemoryStream(frames));
        MemoryStream decoded = new();
        byte[] buffer = new byte[777];
        try
        {
            for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
            {
                decoded.Write(buffer, 0, count);
            }

            return (decoded.ToArray(), null);
        }
        catch (Exception e)
        {
            return (decoded.ToArray(), e);
        }
    }

    private static void ReadOn(Stream stream, byte[] buffer)
    {
        while (stream.Read(buffer) > 0)
        {
        }
    }
}
