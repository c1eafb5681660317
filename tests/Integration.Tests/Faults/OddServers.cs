using System.Diagnostics;
using System.Security.Cryptography;
using Integration.Tests.Support;
using Sink.Core;
using Sink.Core.Delivery.S3;
using Sink.Core.Storage;

namespace Integration.Tests.Faults;

/// <summary>What answers is no S3 server, or half of one; each answer is a test's own.</summary>
public sealed class OddServers : IDisposable
{
    private readonly TestDirectory _local = new();
    private readonly ScriptedServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _local.Dispose();
    }

    // A web server, a network's login page: the journal would delete what nobody has.
    [Fact]
    public async Task APutThatAnythingTakesIsNotStored()
    {
        _server.Answer = _ => ScriptedServer.Reply(200, "<html>Welcome</html>");
        using S3Store store = Open(TimeSpan.FromSeconds(10));

        PutResult result = await PutAsync(store, 100);

        Assert.Equal(PutOutcome.Unavailable, result.Outcome);
        Assert.Contains("not that of an S3 server", result.Message);
        Assert.Contains("S3.Endpoint", result.Message);
    }

    [Fact]
    public async Task WhatAWebServerDoesNotFindMayBeThere()
    {
        _server.Answer = _ => ScriptedServer.Reply(404, "<html>Not found</html>");
        using S3Store store = Open(TimeSpan.FromSeconds(10));

        PutResult result = await PutAsync(store, 100);

        Assert.Equal(PutOutcome.Unavailable, result.Outcome);
        Assert.Contains("S3.Endpoint", result.Message);
        await Assert.ThrowsAsync<IOException>(() => store.HeadAsync("key", CancellationToken.None));
        await Assert.ThrowsAsync<IOException>(() => store.GetAsync("key", CancellationToken.None));
    }

    // Keys replaced between the two, or a proxy that lets no HEAD pass: no reason to take another's object for ours.
    [Fact]
    public async Task WhereOnlyAHeadIsRefusedTheGetTells()
    {
        _server.Answer = head => head.StartsWith("HEAD", StringComparison.Ordinal) ? ScriptedServer.Reply(403, "") : ScriptedServer.Reply(200, "12345", "x-amz-meta-datalake: {}");
        using S3Store store = Open(TimeSpan.FromSeconds(10));

        StoredObject? found = await store.HeadAsync("key", CancellationToken.None);

        Assert.Equal((5, "{}"), (found!.Length, found.Metadata));
    }

    [Fact]
    public async Task ConditionsAreNotGivenUpForAServerInTrouble()
    {
        int puts = 0;
        _server.Answer = _ => ++puts > 2 ? ScriptedServer.Reply(200, "", "ETag: \"1\"") : ScriptedServer.Reply(501, "");
        using S3Store store = Open(TimeSpan.FromSeconds(10));

        Assert.Equal(PutOutcome.Unavailable, (await PutAsync(store, 100)).Outcome);
        Assert.Equal(PutOutcome.Stored, (await PutAsync(store, 100)).Outcome);

        Assert.Equal([true, false, true], _server.Heads.Items.Select(IsConditional));
    }

    [Fact]
    public async Task ConditionsAreLeftOutWhereTheServerDoesNotKnowThem()
    {
        _server.Answer = head => IsConditional(head) ? ScriptedServer.Reply(501, "") : ScriptedServer.Reply(200, "", "ETag: \"1\"");
        using S3Store store = Open(TimeSpan.FromSeconds(10));

        Assert.Equal(PutOutcome.Stored, (await PutAsync(store, 100)).Outcome);
        Assert.Equal(PutOutcome.Stored, (await PutAsync(store, 100)).Outcome);

        Assert.Equal([true, false, false], _server.Heads.Items.Select(IsConditional));
    }

    [Fact]
    public async Task APutCarriesTheDigestOfTheSeal()
    {
        _server.Answer = _ => ScriptedServer.Reply(200, "", "ETag: \"1\"");
        using S3Store store = Open(TimeSpan.FromSeconds(10));

        await PutAsync(store, 100);

        string digest = Convert.ToBase64String(MD5.HashData(new byte[100]));
        Assert.Contains($"Content-MD5: {digest}", Assert.Single(_server.Heads.Items), StringComparison.OrdinalIgnoreCase);
    }

    // A program that journals its spans would else journal the journal's uploads.
    [Fact]
    public async Task RequestsCarryNoTraceAndMakeNoSpan()
    {
        _server.Answer = _ => ScriptedServer.Reply(200, "", "ETag: \"1\"");
        using S3Store store = Open(TimeSpan.FromSeconds(10));
        Watched<string> spans = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => spans.Add(span.GetTagItem("url.full")?.ToString() ?? span.OperationName),
        };
        ActivitySource.AddActivityListener(listener);
        using Activity outer = new Activity("request").Start();

        await PutAsync(store, 100);

        Assert.DoesNotContain("traceparent", Assert.Single(_server.Heads.Items), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(spans.Items, span => span.Contains(_server.Port, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AListingThatDoesNotGoOnEnds()
    {
        _server.Answer = _ => ScriptedServer.Reply(200, "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>logs/a</Key><Size>1</Size></Contents></ListBucketResult>");
        using S3Store store = Open(TimeSpan.FromSeconds(10));
        int found = 0;

        IOException end = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (StoredObject _ in store.ListAsync("", CancellationToken.None))
            {
                Assert.InRange(++found, 1, 10);
            }
        });

        Assert.Contains("ListObjectsV2", end.Message);
    }

    // The time for all its bytes is two minutes.
    [Fact]
    public async Task AConnectionThatTakesNoMoreOfALargeObjectIsGivenUpSoon()
    {
        _server.Answer = _ => null;
        using S3Store store = Open(TimeSpan.FromSeconds(1));
        long begun = Stopwatch.GetTimestamp();

        PutResult result = await PutAsync(store, 8 << 20).WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);

        Assert.Equal(PutOutcome.Unavailable, result.Outcome);
        Assert.Contains("time-out", result.Message);
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }

    private S3Store Open(TimeSpan timeout) => new(
        new S3Settings
        {
            Bucket = "bucket",
            Prefix = "logs",
            Endpoint = new Uri(_server.Endpoint),
            ForcePathStyle = true,
            AccessKeyId = "key",
            SecretAccessKey = "hidden",
            RequestTimeout = timeout,
        },
        retries: 0);

    private async Task<PutResult> PutAsync(S3Store store, int length)
    {
        byte[] bytes = new byte[length];
        StorageDirectory directory = DiskDirectory.OpenPath(_local.Path);
        using StorageFile file = directory.Create(Guid.NewGuid().ToString("N"));
        file.Write(0, bytes);
        return await store.PutAsync(new ObjectPut("key", file, length, "text/plain", "{}", MD5.HashData(bytes)), CancellationToken.None);
    }

    private static bool IsConditional(string head) => head.Contains("If-None-Match", StringComparison.OrdinalIgnoreCase);
}
