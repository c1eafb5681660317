using Integration.Tests.Server;
using Integration.Tests.Support;
using Serilog;
using Serilog.Core;
using Sink.Core;

namespace Integration.Tests.Delivery;

public sealed class Delivering(S3Servers servers) : IDisposable
{
    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();

    public void Dispose() => _local.Dispose();

    [Fact]
    public async Task TwoHundredThousandEventsOfFourThreadsArriveOnceAndInOrder()
    {
        const int Threads = 4;
        const int Each = 50_000;
        string[] areas = ["orders", "billing", "search"];
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();

        await using (Logger logger = new LoggerConfiguration()
            .WriteTo.S3Journal(o =>
            {
                bucket.Configure(o, _local);
                o.Stream = "shop/{area}";
                o.MaxObjectAge = TimeSpan.FromMilliseconds(500);
                o.OnFailure(_failures.Add);
            })
            .CreateLogger())
        {
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(w => Task.Factory.StartNew(
                () =>
                {
                    for (int n = 0; n < Each; n++)
                    {
                        logger.Information("Event {n} of {w} in {area}", n, w, areas[n % areas.Length]);
                    }
                },
                TaskCreationOptions.LongRunning)));
        }

        List<BucketObject> objects = await bucket.ReadAsync();
        Traffic.AssertExactlyOnce(objects, Threads, Each);
        Assert.Empty(_failures.Items);
        Assert.Equal(areas.Select(a => $"shop/{a}").Order(StringComparer.Ordinal), objects.Select(o => o.Stream).Distinct().Order(StringComparer.Ordinal));
        Assert.All(objects, o =>
        {
            Assert.Equal("application/zstd", o.ContentType);
            Assert.True(string.IsNullOrEmpty(o.ContentEncoding), o.ContentEncoding);
            Assert.Equal(o.Lines.Length, o.Entries);
            Assert.StartsWith($"logs/{o.Stream}/", o.Key, StringComparison.Ordinal);
        });
        Assert.Equal(Enumerable.Range(0, objects.Count), objects.Select(o => (int)o.Ordinal).Order());
    }

    [Fact]
    public async Task TheReaderFindsWhatTheBucketHolds()
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        await using (Journal journal = Journal.Open(bucket.Options(_local)))
        {
            Traffic.Append(journal.GetStream("a/b"), writer: 0, first: 0, count: 1000, fillBytes: 100);
            await journal.FlushAsync(Limit.Token());
            Traffic.Append(journal.GetStream("a/b"), writer: 0, first: 1000, count: 1000, fillBytes: 100);
        }

        List<string> read = [];
        using JournalReader reader = JournalReader.Open(bucket.Options(_local));
        await foreach (JournalObject found in reader.ListAsync("a/b"))
        {
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                read.Add(System.Text.Encoding.UTF8.GetString(entry.Span));
            }
        }

        Assert.Empty(reader.Warnings);
        Assert.Equal((await bucket.ReadAsync()).OrderBy(o => o.Ordinal).SelectMany(o => o.Lines), read);
        Assert.Equal(2000, read.Count);
    }

    [Fact]
    public async Task SixteenJournalsOfOneIdShareABucket()
    {
        const int Journals = 16;
        const int Each = 2_000;
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        TestDirectory[] locals = [.. Enumerable.Range(0, Journals).Select(_ => new TestDirectory())];

        await Task.WhenAll(locals.Select((local, writer) => Task.Factory.StartNew(
            () =>
            {
                JournalOptions options = bucket.Options(local);
                options.Id = "same";
                options.RingBytes = 1 << 20;
                options.MaxEntryBytes = 64 << 10;
                options.OnFailure(_failures.Add);
                using Journal journal = Journal.Open(options);
                Traffic.Append(journal.GetStream("shared"), writer, 0, Each / 2);
                Traffic.Append(journal.GetStream($"own/{writer}"), writer, Each / 2, Each / 2, fillBytes: 200);
            },
            TaskCreationOptions.LongRunning)));

        List<BucketObject> objects = await bucket.ReadAsync();
        Traffic.AssertExactlyOnce(objects, Journals, Each);
        Assert.Empty(_failures.Items);
        Assert.Equal(Journals, objects.Select(o => o.Epoch).Distinct().Count());
        Array.ForEach(locals, local => local.Dispose());
    }
}
