using Amazon.S3.Model;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Faults;

/// <summary>Requests that the server takes, refuses or never hears of; the proxy decides which.</summary>
public sealed class Requests(S3Servers servers) : IDisposable
{
    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();

    public void Dispose() => _local.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task APutWhoseAnswerIsLostIsRecognizedAsDone(bool isTold)
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        using S3Proxy proxy = new((await servers.SharedAsync()).Endpoint, r => r.Method == "PUT" && r.Number % 3 == 1 ? (isTold ? RequestFate.Unanswered : RequestFate.CutOff) : RequestFate.Passed);

        await RunAsync(bucket, proxy, streams: 2, rounds: 4);

        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 2, each: 400);
        Assert.Equal(isTold, _failures.Items.Length > 0);
        Assert.All(_failures.Items, f => Assert.Equal(JournalFailureKind.Temporary, f.Kind));
        Assert.Contains(proxy.Requests.Items, r => r.Method == "HEAD");
    }

    [Fact]
    public async Task AnotherWritersObjectUnderOurKeyIsLeftAsItIs()
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        string? taken = null;
        using S3Proxy proxy = new(
            (await servers.SharedAsync()).Endpoint,
            r =>
            {
                if (r is { Method: "PUT", Number: 1 })
                {
                    taken = r.Path[(bucket.Name.Length + 2)..];
                    bucket.Client.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = taken, ContentBody = "another's" }).GetAwaiter().GetResult();
                }

                return RequestFate.Passed;
            });

        await RunAsync(bucket, proxy, streams: 1, rounds: 1);

        JournalFailure failure = Assert.Single(_failures.Items);
        Assert.Contains("two writers share an identity", failure.Message, StringComparison.Ordinal);
        using (GetObjectResponse other = await bucket.Client.GetObjectAsync(bucket.Name, taken))
        {
            Assert.Equal("another's", await new StreamReader(other.ResponseStream).ReadToEndAsync());
        }

        await bucket.Client.DeleteObjectAsync(bucket.Name, taken);
        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: 100);
    }

    [Fact]
    public async Task ThrottlingIsWaitedOutWithFewRequestsAndReportedOnce()
    {
        const int Refusals = 6;
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        using S3Proxy proxy = new((await servers.SharedAsync()).Endpoint, r => r.Number <= Refusals ? RequestFate.Refused(503, "SlowDown") : RequestFate.Passed);

        await RunAsync(bucket, proxy, streams: 4, rounds: 1);

        List<BucketObject> objects = await bucket.ReadAsync();
        Traffic.AssertExactlyOnce(objects, writers: 4, each: 100);
        AssertReportedOnce();
        Assert.Equal(objects.Count + Refusals, proxy.Requests.Items.Length);
    }

    [Fact]
    public async Task WhileThrottledTheServerIsAskedLessAndLess()
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        long until = 0;
        using S3Proxy proxy = new(
            (await servers.SharedAsync()).Endpoint,
            r =>
            {
                if (r.Number == 1)
                {
                    until = Environment.TickCount64 + 1500;
                }

                return Environment.TickCount64 < until ? RequestFate.Refused(503, "SlowDown") : RequestFate.Passed;
            });

        await RunAsync(bucket, proxy, streams: 8, rounds: 1);

        List<BucketObject> objects = await bucket.ReadAsync();
        Traffic.AssertExactlyOnce(objects, writers: 8, each: 100);
        AssertReportedOnce();

        // Pauses of up to 0.2, 0.4, 0.8, 1.6 s and so on: each is half of that on average. The first requests go out side by side.
        Assert.InRange(proxy.Requests.Items.Length - objects.Count, 1, 20);
    }

    [Fact]
    public async Task EveryThirdRequestRefusedLosesAndDoublesNothing()
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        using S3Proxy proxy = new((await servers.SharedAsync()).Endpoint, r => r.Number % 3 == 0 ? RequestFate.Refused(503, "SlowDown") : RequestFate.Passed);

        await RunAsync(bucket, proxy, streams: 3, rounds: 5);

        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 3, each: 500);
        Assert.InRange(_failures.Items.Length, 1, proxy.Requests.Items.Length / 3);
        Assert.All(_failures.Items, f => Assert.Equal(JournalFailureKind.Temporary, f.Kind));
    }

    /// <summary>Once, or twice: of requests side by side a refused one may be answered after one that was taken, and then a second outage begins.</summary>
    private void AssertReportedOnce()
    {
        Assert.InRange(_failures.Items.Length, 1, 2);
        Assert.All(_failures.Items, f => Assert.Contains("SlowDown", f.Message, StringComparison.Ordinal));
    }

    /// <summary>In each round, 100 entries of a writer for each stream, and all are delivered.</summary>
    private async Task RunAsync(Bucket bucket, S3Proxy proxy, int streams, int rounds)
    {
        JournalOptions options = bucket.Options(_local, proxy.Endpoint);
        options.MaxObjectAge = TimeSpan.FromMinutes(1);
        options.OnFailure(_failures.Add);
        await using Journal journal = Journal.Open(options);
        for (int round = 0; round < rounds; round++)
        {
            for (int writer = 0; writer < streams; writer++)
            {
                Traffic.Append(journal.GetStream($"s{writer}"), writer, round * 100, count: 100);
            }

            await journal.FlushAsync(Limit.Token());
        }
    }
}
