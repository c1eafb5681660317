using System.Buffers;
using System.Globalization;
using System.Text;
using Sink.Core;
using Sink.Core.Compressing;

namespace Benchmarks.Counts;

/// <summary>Prints the table of the README: frames of 1 MiB of made-up CLEF lines of about 300 bytes, one thread, user time of the process.</summary>
internal static class CompressionRates
{
    private const int FrameBytes = 1 << 20;

    public static int Run()
    {
        byte[][] frames = [.. Enumerable.Range(0, 8).Select(NewFrame)];
        foreach ((Compression compression, int? level) in ((Compression, int?)[])
            [(Compression.Snappy, null), (Compression.Zstd, -5), (Compression.Zstd, 1), (Compression.Zstd, 3), (Compression.Zstd, 9), (Compression.Zstd, 19),
                (Compression.Gzip, 1), (Compression.Gzip, 6), (Compression.Gzip, 9), (Compression.Lzma, 0), (Compression.Lzma, 1), (Compression.Lzma, 6), (Compression.Lzma, 9),
                (Compression.Xz, 0), (Compression.Xz, 1), (Compression.Xz, 6), (Compression.Xz, 9)])
        {
            using Compressor compressor = Compressors.Create(compression, level);
            ArrayBufferWriter<byte> output = new(FrameBytes * 16);
            Measure(() => Compress(compressor, frames[..1], output));
            double seconds = Measure(() => Compress(compressor, frames, output));
            byte[] compressed = output.WrittenSpan.ToArray();
            double back = Measure(() => compressor.Decompress(new MemoryStream(compressed)).CopyTo(Stream.Null, FrameBytes));
            double raw = frames.Sum(frame => (double)frame.Length);
            Console.WriteLine($"{compression} {level}: ratio {raw / compressed.Length:F1}, compresses {raw / 1e6 / seconds:N1} MB/s, decompresses {raw / 1e6 / back:N1} MB/s");
        }

        return 0;
    }

    private static void Compress(Compressor compressor, byte[][] frames, ArrayBufferWriter<byte> output)
    {
        output.ResetWrittenCount();
        foreach (byte[] frame in frames)
        {
            compressor.Compress(frame, output);
        }
    }

    /// <summary>The best of three, and what it takes to be above the clock's tick.</summary>
    private static double Measure(Action action)
    {
        double best = double.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            TimeSpan begun = Environment.CpuUsage.UserTime;
            int times = 0;
            do
            {
                action();
                times++;
            }
            while ((Environment.CpuUsage.UserTime - begun).TotalSeconds < 0.3);
            best = Math.Min(best, (Environment.CpuUsage.UserTime - begun).TotalSeconds / times);
        }

        return best;
    }

    private static byte[] NewFrame(int seed)
    {
        Random random = new(seed);
        StringBuilder text = new();
        DateTime time = new(2026, 11, 22, 10, 15, 0, DateTimeKind.Utc);
        while (text.Length < FrameBytes)
        {
            time = time.AddTicks(random.Next(50_000));
            text.Append(CultureInfo.InvariantCulture, $"{{\"@t\":\"{time:O}\",\"@mt\":\"Order {{OrderId}} of {{Customer}} shipped {{Items}} items in {{Elapsed}} ms\",\"@tr\":\"{random.NextInt64():x16}{random.NextInt64():x16}\",\"OrderId\":{random.Next(1_000_000)},\"Customer\":\"customer-{random.Next(1000)}\",\"Items\":{random.Next(1, 9)},\"Elapsed\":{random.Next(100_000) / 1000.0},\"SourceContext\":\"Shop.Orders.Handler\",\"MachineName\":\"web01\"}}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
