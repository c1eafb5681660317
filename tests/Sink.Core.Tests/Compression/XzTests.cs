using System.Diagnostics;
using CsCheck;
using Sink.Core.Compressing;
using Sink.Core.Reading;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Compressing;

/// <summary>What is peculiar to xz: padding between streams, memory that is not .NET's, a library that may be missing.</summary>
[Collection(typeof(ProcessWide))]
public class XzTests
{
    // By the xz tool 5.4.1: "one\n" with CRC-64, 8 zeroes, "two\n" with CRC-32, 4 zeroes.
    private const string Golden =
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQADb25lCgD1XLtWH8b9hgABHARvLJzBH7bzfQEAAAAABFlaAAAAAAAAAAD9N3pYWgAAAWki3jYCACEBDAAAAI+YQZwBAAN0d28KAHQIF5YAARgEa+nwpZBCmQ0BAAAAAAFZWgAAAAA=";

    private static readonly XzCompressor _compressor = new(0);

    [Fact]
    public void AFrameIsAStreamWithCrc64()
    {
        byte[] frame = CompressorTests.Compress(_compressor, CompressorTests.Lines(60));

        Assert.Equal([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0, 4], frame[..8]);
        Assert.Equal([0, 4, (byte)'Y', (byte)'Z'], frame[^4..]);
        Assert.Equal(0, frame.Length % 4);
    }

    [Fact]
    public void StreamsOfTheToolAreReadWithTheirPadding()
    {
        byte[] streams = Convert.FromBase64String(Golden);

        Assert.Equal("one\ntwo\n"u8.ToArray(), CompressorTests.Decode(_compressor.Decompress(new PiecewiseStream(streams, 1)), 1));
        Assert.Equal("one\ntwo\none\n"u8.ToArray(), CompressorTests.Decode(_compressor.Decompress(new MemoryStream([.. streams, .. streams[..64]])), 100));
        for (int zeroes = 1; zeroes < 4; zeroes++)
        {
            (byte[] decoded, Exception? error) = CompressorTests.TryDecode(_compressor, [.. streams, .. new byte[zeroes]]);
            Assert.IsType<InvalidDataException>(error);
            Assert.Equal("one\ntwo\n"u8.ToArray(), decoded);
        }
    }

    // Many small ones, of all sizes: the encoder begins again in the memory of the one before.
    [Fact]
    public void FramesOfAnyTextFollowEachOther() =>
        Gen.Select(Gen.Int[0, 9], Gen.Byte.Array[1, 9000].Array[1, 20], Gen.Int[1, 500]).Sample(
            static (level, texts, piece) =>
            {
                using XzCompressor compressor = new(level);
                byte[] frames = CompressorTests.Compress(compressor, texts);

                Assert.Equal(texts.SelectMany(t => t).ToArray(), CompressorTests.Decode(compressor.Decompress(new PiecewiseStream(frames, piece)), 70));
            },
            iter: 100);

    [Fact]
    public void WhatCameOutBeforeDamageIsGivenOut()
    {
        byte[] first = CompressorTests.Compress(_compressor, CompressorTests.Lines(300));
        byte[] second = CompressorTests.Compress(_compressor, CompressorTests.Lines(20));

        // In the second's header, and in the checksum of its text.
        (byte[] decoded, Exception? error) = CompressorTests.TryDecode(_compressor, [.. first, second[0], 0, .. second[2..]]);
        Assert.IsType<InvalidDataException>(error);
        Assert.Equal(CompressorTests.Lines(300), decoded);

        second[^30] ^= 1;
        (decoded, error) = CompressorTests.TryDecode(_compressor, [.. first, .. second]);
        Assert.IsType<InvalidDataException>(error);
        Assert.Equal([.. CompressorTests.Lines(300), .. CompressorTests.Lines(20)], decoded);
    }

    // One such header is all it takes to ask for 4 GiB.
    [Theory]
    [InlineData("64MiB", true)]
    [InlineData("128MiB", false)]
    [InlineData("1GiB", false)]
    public void ADictionaryOfAnUnlikelySizeIsRefused(string dictionary, bool isRead)
    {
        // Through Python, which says the size without having the text.
        string size = dictionary.Replace("MiB", " << 20", StringComparison.Ordinal).Replace("GiB", " << 30", StringComparison.Ordinal);
        byte[]? stream = SystemTool.Run("/usr/bin/python3", ["-c", $"import sys, lzma; sys.stdout.buffer.write(lzma.compress(b'text', filters=[{{'id': lzma.FILTER_LZMA2, 'dict_size': {size}, 'mode': lzma.MODE_FAST, 'mf': lzma.MF_HC3}}]))"], []);
        Assert.SkipWhen(stream is null, "python3 is not installed");

        (byte[] decoded, Exception? error) = CompressorTests.TryDecode(_compressor, stream);

        Assert.Equal(isRead ? "text"u8.ToArray() : [], decoded);
        Assert.Equal(!isRead, error is InvalidDataException);
        Assert.Contains(isRead ? "" : "68 MiB", error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void AnErrorOfTheSourceIsNotTakenForDamageAndReadingGoesOnBehindIt()
    {
        byte[] text = [.. Enumerable.Repeat(CompressorTests.Lines(1000), 40).SelectMany(static lines => lines)];
        byte[] frame = CompressorTests.Compress(_compressor, text);
        using Stream stream = _compressor.Decompress(new FailingOnceStream(frame, frame.Length / 2));
        MemoryStream decoded = new();

        Assert.Equal("the network is gone", Assert.Throws<IOException>(() => stream.CopyTo(decoded)).Message);
        stream.CopyTo(decoded);

        Assert.Equal(text, decoded.ToArray());
    }

    // 500 dictionaries of 8 MiB, and encoders with twelve times that.
    [Fact]
    public void MemoryIsGivenBackWhenReadingEndsEarly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the size of the process means something else.");
        byte[] frame = CompressorTests.Compress(new XzCompressor(6), CompressorTests.Lines(120_000));
        ReadAByte(frame);
        long before = VirtualBytes();
        for (int i = 0; i < 500; i++)
        {
            ReadAByte(frame);
        }

        for (int i = 0; i < 20; i++)
        {
            using XzCompressor compressor = new(9);
            CompressorTests.Compress(compressor, CompressorTests.Lines(10_000));
        }

        Assert.InRange(VirtualBytes() - before, long.MinValue, 1L << 30);
    }

    [Fact]
    public void BehindItsEndAndWhenDisposedNothingComes()
    {
        byte[] frame = CompressorTests.Compress(_compressor, CompressorTests.Lines(3));
        Stream stream = _compressor.Decompress(new MemoryStream(frame));
        Assert.Equal(CompressorTests.Lines(3).Length, stream.ReadAtLeast(new byte[1000], 1000, throwOnEndOfStream: false));
        Assert.Equal(0, stream.Read(new byte[10]));
        stream.Dispose();
        stream.Dispose();
        Assert.Equal(0, stream.Read(new byte[10]));
    }

    [Fact]
    public void WithoutTheLibraryAReaderSaysWhatToInstall()
    {
        ReaderCompressors compressors = new() { IsPresent = static compression => compression != Compression.Xz };

        Assert.Equal(FrameKind.Of(Compression.Xz), compressors.FindKind("xz"));
        compressors.TryCreate("lzma")!.Dispose();
        JournalException exception = Assert.Throws<JournalException>(() => compressors.TryCreate("xz"));
        Assert.Contains("liblzma", exception.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install liblzma5", exception.Message, StringComparison.Ordinal);
    }

    private static void ReadAByte(byte[] frame)
    {
        using Stream stream = _compressor.Decompress(new MemoryStream(frame));
        Assert.Equal('{', stream.ReadByte());
    }

    private static long VirtualBytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.VirtualMemorySize64;
    }

    /// <summary>Gives so many bytes, throws once, and goes on.</summary>
    private sealed class FailingOnceStream(byte[] bytes, int good) : MemoryStream(bytes)
    {
        private bool _hasFailed;

        public override int Read(Span<byte> buffer)
        {
            if (_hasFailed)
            {
                return base.Read(buffer);
            }

            _hasFailed = Position >= good;
            return _hasFailed ? throw new IOException("the network is gone") : base.Read(buffer[..(int)Math.Min(buffer.Length, good - Position)]);
        }
    }
}
