using Sink.Core.Compressing;

namespace Sink.Core.Tests.Compressing;

/// <summary>Frames against the programs that others read and write them with. Skipped where a program is missing, but failed where <c>CI</c> is set.</summary>
public class SystemToolTests
{
    // Debian's own Python: another one lacks its packages. The package's checksum in C throws with Python 3.10 and later
    // (PY_SSIZE_T_CLEAN, Debian 12); its framing and its snappy work, so there the checksum is done in Python.
    private const string Python = "/usr/bin/python3";

    private const string PythonSnappy =
        """
        import sys, snappy.snappy as snappy

        def crc32c(data):
            crc = 0xffffffff
            for byte in data:
                crc = table[(crc ^ byte) & 0xff] ^ (crc >> 8)
            return crc ^ 0xffffffff

        try:
            snappy._crc32c(b"")
        except SystemError:
            table = list(range(256))
            for bit in range(8):
                table = [(crc >> 1) ^ (0x82f63b78 if crc & 1 else 0) for crc in table]
            snappy._crc32c = crc32c
        (snappy.stream_compress if sys.argv[1] == "-c" else snappy.stream_decompress)(sys.stdin.buffer, sys.stdout.buffer)
        """;

    public static TheoryData<Compression, string[]> Decoders => new()
    {
        { Compression.Zstd, ["zstd", "-dc"] },
        { Compression.Gzip, ["gzip", "-dc"] },
        { Compression.Lzma, ["lzip", "-dc"] },
        { Compression.Lzma, ["xz", "--format=lzip", "-dc"] },
        { Compression.Lzma, ["lzip", "-t"] },
        { Compression.Xz, ["xz", "-dc"] },
        { Compression.Xz, ["xz", "-t"] },
        { Compression.Xz, [Python, "-c", "import sys, lzma; sys.stdout.buffer.write(lzma.decompress(sys.stdin.buffer.read()))"] },
        { Compression.Snappy, [Python, "-c", PythonSnappy, "-d"] },
    };

    public static TheoryData<Compression, string[]> Encoders => new()
    {
        { Compression.Zstd, ["zstd", "-c"] },
        { Compression.Zstd, ["zstd", "-19", "--no-check", "-c"] },
        { Compression.Gzip, ["gzip", "-c"] },
        { Compression.Lzma, ["lzip", "-0", "-c"] },
        { Compression.Lzma, ["lzip", "-c"] },
        { Compression.Lzma, ["lzip", "-9", "-c"] },
        { Compression.Lzma, ["lzip", "--member-size=100000", "-c"] },
        { Compression.Snappy, [Python, "-c", PythonSnappy, "-c"] },
        { Compression.Xz, ["xz", "-c"] },
        { Compression.Xz, ["xz", "-0", "--check=crc32", "-c"] },
        { Compression.Xz, ["xz", "-9e", "--check=sha256", "-c"] },
        { Compression.Xz, ["xz", "--check=none", "-c"] },
        { Compression.Xz, ["xz", "-T2", "--block-size=100000", "-c"] },
        { Compression.Xz, ["xz", "--x86", "--delta=dist=2", "--lzma2=preset=1,lc=0,pb=0", "-c"] },
        { Compression.Xz, [Python, "-c", "import sys, lzma; sys.stdout.buffer.write(lzma.compress(sys.stdin.buffer.read()) + bytes(8))"] },
    };

    [Theory]
    [MemberData(nameof(Decoders))]
    public void TheSystemsOwnToolDecodesConcatenatedFrames(Compression compression, string[] tool)
    {
        byte[] few = CompressorTests.Lines(1);
        byte[] many = CompressorTests.Lines(20_000);
        (int Least, int Most, int Usual)? levels = Compressors.Levels(compression);
        foreach (int? level in (int?[])[levels?.Least, levels?.Most])
        {
            using Compressor compressor = Compressors.Create(compression, level);

            byte[] decoded = Run(tool, CompressorTests.Compress(compressor, few, many, few, [0], many));

            // A test of integrity says nothing.
            Assert.Equal(tool.Contains("-t") ? [] : [.. few, .. many, .. few, 0, .. many], decoded);
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void WhatTheSystemsOwnToolWroteIsRead(Compression compression, string[] tool)
    {
        using Compressor compressor = Compressors.Create(compression, null);
        byte[] text = CompressorTests.Lines(20_000);
        byte[] noise = new byte[300_000];
        new Random(1).NextBytes(noise);

        byte[] frames = [.. Run(tool, text), .. Run(tool, noise), .. CompressorTests.Compress(compressor, text), .. Run(tool, text)];

        Assert.Equal([.. text, .. noise, .. text, .. text], CompressorTests.Decode(compressor.Decompress(new MemoryStream(frames)), 4096));
        Assert.NotNull(CompressorTests.TryDecode(compressor, frames[..^1]).Error);
    }

    private static byte[] Run(string[] tool, byte[] input)
    {
        byte[]? output = SystemTool.Run(tool[0], tool[1..], input);
        if (output is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{tool[0]} is not installed, and CI must not do without.");
            Assert.Skip($"{tool[0]} is not installed");
        }

        return output;
    }
}
