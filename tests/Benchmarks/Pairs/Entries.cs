using System.Text;

namespace Benchmarks.Pairs;

/// <summary>Payloads of the log's own measurements.</summary>
internal static class Entries
{
    /// <summary>With its header and the stream's name, "bench", 296 bytes in our log; FasterLog adds 4 bytes to it.</summary>
    public const int PayloadBytes = 263;

    public const string Stream = "bench";

    private const int Different = 1024;

    /// <summary>JSON lines that differ as those of one statement do.</summary>
    public static byte[][] Make(int seed)
    {
        Random random = new(seed);
        byte[][] payloads = new byte[Different][];
        Span<byte> id = stackalloc byte[16];
        for (int i = 0; i < Different; i++)
        {
            random.NextBytes(id);
            string text = $"{{\"@t\":\"2026-11-22T10:15:00.{random.Next(9999999):D7}Z\",\"@mt\":\"Order {{OrderId}} of {{Customer}} shipped {{Items}} items\",\"OrderId\":{random.Next()},\"Customer\":\"customer-{random.Next(1000)}\",\"Items\":{random.Next(9)},\"RequestId\":\"{new Guid(id)}\"";
            payloads[i] = Encoding.UTF8.GetBytes(text.PadRight(PayloadBytes - 1) + "}");
        }

        return payloads;
    }

    public static byte[] At(byte[][] payloads, long number) => payloads[number & (Different - 1)];
}
