using System.Diagnostics;
using System.Globalization;
using System.Text;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Reading;

public sealed class ManyObjects(S3Servers servers) : IDisposable
{
    private const int Minutes = 10_000;

    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();

    public void Dispose() => _local.Dispose();

    [Fact]
    public async Task TenThousandObjectsAreListedByTime()
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        DateTimeOffset start = new(2026, 3, 28, 20, 0, 0, TimeSpan.Zero);
        long begun = Stopwatch.GetTimestamp();
        await WriteAsync(bucket, start);
        Say("written", begun);
        Assert.Empty(_failures.Items);

        using JournalReader reader = JournalReader.Open(bucket.Options(_local));
        await AssertListedAsync(reader, start, first: 0, count: Minutes, from: null, to: null);
        await AssertListedAsync(reader, start, first: 600, count: 61, from: start.AddMinutes(600), to: start.AddMinutes(660));
        Assert.Empty(reader.Warnings);
    }

    /// <summary>An entry a minute, and an object for each.</summary>
    private async Task WriteAsync(Bucket bucket, DateTimeOffset start)
    {
        JournalOptions options = bucket.Options(_local);
        options.DirectoryFormat = "yyyy/MM/dd/HHmm";
        options.MaxObjectAge = TimeSpan.FromMinutes(10);
        options.MaxOpenObjects = Minutes;
        options.MaxConcurrentUploads = 32;
        options.OnFailure(_failures.Add);
        await using Journal journal = Journal.Open(options);
        JournalStream stream = journal.GetStream("minutes");
        for (int n = 0; n < Minutes; n++)
        {
            byte[] entry = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"w":0,"n":{{n}}}"""));
            Assert.Equal(AppendResult.Stored, stream.Append(start.AddMinutes(n), entry));
        }

        await journal.FlushAsync(Limit.Token());
    }

    private static async Task AssertListedAsync(JournalReader reader, DateTimeOffset start, int first, int count, DateTimeOffset? from, DateTimeOffset? to)
    {
        long begun = Stopwatch.GetTimestamp();
        List<DateTimeOffset> listed = [];
        await foreach (JournalObject found in reader.ListAsync("minutes", from, to))
        {
            Assert.Equal(1, found.Entries);
            listed.Add(found.Start);
        }

        Say($"listed {count}", begun);
        Assert.Equal(Enumerable.Range(first, count).Select(n => start.AddMinutes(n)), listed);
    }

    private static void Say(string what, long since) =>
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} in {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s"));
}
