using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Sink.Core;

namespace DiskWriter;

/// <summary>
/// One life of a journal on a disk that will be cut off: small entries of three streams, one in about eight durable, objects
/// sealed and delivered to the same disk all the time. The pipe gets a number and a flag for each entry, after it was stored (0) or
/// synced (1); -1 before the open and -2 after it.
/// </summary>
public sealed class Workload(int cycle, int seed, Stream pipe)
{
    private readonly Random _random = new(seed);

    /// <summary>One date for all, so that one order holds within each stream.</summary>
    public static DateTimeOffset Date { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static JournalOptions Options(string root) => new()
    {
        LocalDirectory = Path.Join(root, "journal"),
        Destination = new Uri(Path.Join(root, "store")).AbsoluteUri,
        Id = "cut",
        RingBytes = 64 << 10,
        SegmentBytes = 1 << 20,
        MaxEntryBytes = 8 << 10,
        MaxObjectBytes = 4 << 10,
        MaxObjectAge = TimeSpan.FromMilliseconds(50),
        MinFreeDiskBytes = 0,
        WhenFull = WhenFull.Block,
        MaxBlockTime = TimeSpan.FromSeconds(30),
        StallAfter = TimeSpan.FromSeconds(30),
    };

    public static string StreamOf(int n) => $"s{n % 3}";

    /// <summary>The one text that this entry can have.</summary>
    public static string Entry(int cycle, int n) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"c\":{cycle},\"n\":{n},\"x\":\"{new string((char)('a' + (n % 26)), (n * 37) % 1500)}\"}}");

    public async Task RunAsync(string root)
    {
        Tell(-1, isDurable: false);
        await using Journal journal = Journal.Open(Options(root));
        Tell(-2, isDurable: false);
        JournalStream[] streams = [.. Enumerable.Range(0, 3).Select(n => journal.GetStream(StreamOf(n)))];
        for (int n = 0; ; n++)
        {
            byte[] entry = Encoding.UTF8.GetBytes(Entry(cycle, n));
            bool isDurable = _random.Next(8) == 0;
            if (isDurable)
            {
                streams[n % 3].AppendDurable(Date, entry, TimeSpan.FromSeconds(30));
            }
            else if (streams[n % 3].Append(Date, entry) is var result and not AppendResult.Stored)
            {
                throw new InvalidOperationException($"Entry {n}: {result}");
            }

            Tell(n, isDurable);
        }
    }

    private void Tell(int n, bool isDurable)
    {
        // One write, so that the parent reads it whole or not at all.
        byte[] message = new byte[5];
        BinaryPrimitives.WriteInt32LittleEndian(message, n);
        message[4] = isDurable ? (byte)1 : (byte)0;
        pipe.Write(message);
        pipe.Flush();
    }
}
