using System.Buffers;
using System.Text;

namespace Sink.Core.Tests.ComingFrom;

/// <summary>What users of s3-records had, where no other test shows it: <c>docs/coming-from.md</c>.</summary>
public sealed class S3RecordsTests : IDisposable
{
    private static readonly DateTimeOffset _day = new(2025, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("s3journal-");

    [Fact]
    public async Task EventsAreReadByPathAndDatesAndOfTheLatestDate()
    {
        // With its own limits, under our names.
        JournalOptions options = new()
        {
            Destination = new Uri(Path.Join(_root.FullName, "store")).AbsoluteUri,
            LocalDirectory = Path.Join(_root.FullName, "local"),
            Id = "web01",
            Compression = Compression.Snappy,
            MaxBatchLatency = TimeSpan.FromSeconds(30),
            MaxBatchSize = 100,
            IdleTimeout = TimeSpan.FromMinutes(30),
            MinFreeDiskBytes = 0,
        };
        await using (Journal journal = Journal.Open(options))
        {
            for (int day = 0; day < 4; day++)
            {
                journal.Append(new Payment("payments/eu", _day.AddDays(day), $"eu {day} early"));
                journal.Append(new Payment("payments/eu", _day.AddDays(day).AddHours(23), $"eu {day} late"));
                journal.Append(new Payment("payments/us", _day.AddDays(day + 10), $"us {day}"));
            }
        }

        using JournalReader reader = JournalReader.Open(options);
        Assert.Equal(["eu 1 early", "eu 1 late", "eu 2 early", "eu 2 late"], await ReadAsync(reader, reader.ListAsync("payments/eu", _day.AddDays(1), _day.AddDays(3).AddTicks(-1))));
        Assert.Equal(["eu 3 early", "eu 3 late"], await ReadAsync(reader, reader.ListLatestDateAsync("payments/eu")));
        Assert.Equal(["us 3"], await ReadAsync(reader, reader.ListLatestDateAsync("payments/us")));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static async Task<List<string>> ReadAsync(JournalReader reader, IAsyncEnumerable<JournalObject> objects)
    {
        List<string> entries = [];
        await foreach (JournalObject found in objects)
        {
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                entries.Add(Encoding.UTF8.GetString(entry.Span).Trim('"'));
            }
        }

        return entries;
    }

    private sealed class Payment(string path, DateTimeOffset time, string text) : IStorableEvent
    {
        public string StoragePath => path;

        public DateTimeOffset Timestamp => time;

        public void WritePayload(IBufferWriter<byte> output) => output.Write(Encoding.UTF8.GetBytes($"\"{text}\""));
    }
}
