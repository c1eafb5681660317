using System.Security.Cryptography;
using System.Text;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Load;

/// <summary>The largest entry that may be set takes the whole way, there and back; a byte more is refused.</summary>
public sealed class LargestEntry(S3Servers servers) : IDisposable
{
    private readonly TestDirectory _local = new();

    public void Dispose() => _local.Dispose();

    [Theory]
    [InlineData(64L << 10)]
    [InlineData(16L << 20)]
    [InlineData(256L << 20)]
    public async Task ItGoesThroughTheBucketAndBack(long ringBytes)
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        int largest = (int)(ringBytes / 4) - 1024;
        JournalOptions options = bucket.Options(_local);
        options.RingBytes = ringBytes;
        options.MaxEntryBytes = largest;
        options.MaxObjectAge = TimeSpan.FromHours(1);
        byte[] whole = Entry(largest);
        await using (Journal journal = Journal.Open(options))
        {
            JournalStream stream = journal.GetStream("orders");

            // Three of them go over the end of the ring.
            for (int i = 0; i < 3; i++)
            {
                await stream.AppendDurableAsync(TimeProvider.System.GetUtcNow(), whole, Limit.Token());
            }

            Assert.Equal(AppendResult.TooLarge, stream.Append(TimeProvider.System.GetUtcNow(), Entry(largest + 1)));
            Assert.Equal(0, (await journal.FlushAsync(Limit.Token())).Waiting);
            Assert.Equal(3, journal.GetStats().Uploaded);
            Assert.Equal(1, journal.GetStats().Dropped[DropCause.TooLarge]);
        }

        int found = 0;
        using JournalReader reader = JournalReader.Open(bucket.Options(_local));
        await foreach (JournalObject stored in reader.ListAsync("orders"))
        {
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(stored))
            {
                Assert.True(entry.Span.SequenceEqual(whole), "An entry came back altered.");
                found++;
            }
        }

        Assert.Equal(3, found);
        Assert.Empty(reader.Warnings);
    }

    [Fact]
    public void LargerThanAQuarterOfTheRingCannotBeSet()
    {
        JournalOptions options = new() { Destination = "s3://nobody", LocalDirectory = _local.Path, RingBytes = 16 << 20, MaxEntryBytes = (4 << 20) - 1023 };

        Exception refused = Assert.ThrowsAny<Exception>(() => Journal.Open(options));

        Assert.Contains("MaxEntryBytes", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>JSON of exactly so many bytes that do not compress.</summary>
    private static byte[] Entry(int length)
    {
        byte[] entry = new byte[length];
        Array.Fill(entry, (byte)'x');
        string noise = Convert.ToHexString(RandomNumberGenerator.GetBytes((length - 10) / 2));
        Encoding.ASCII.GetBytes("{\"x\":\"" + noise, entry);
        "\"}"u8.CopyTo(entry.AsSpan(length - 2));
        return entry;
    }
}
