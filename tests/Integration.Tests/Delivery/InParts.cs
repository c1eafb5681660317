using System.Globalization;
using Amazon.S3.Model;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Delivery;

/// <summary>Objects of 20 MB, put in parts of 5 MiB.</summary>
public sealed class InParts(S3Servers servers) : IDisposable
{
    private const int Entries = 54;
    private const int EntryBytes = 512 << 10;

    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();

    public static TheoryData<string> Troubles =>
    [
        "POST 1 unanswered", "POST 1 cut", "POST 1 refused",
        "PUT 2 unanswered", "PUT 2 cut", "PUT 2 half", "PUT 2 half, reset", "PUT 2 refused", "PUT 2 reset", "PUT 4 half",
        "POST 2 unanswered", "POST 2 cut", "POST 2 refused", "POST 2 reset", "POST 2 answer cut",
    ];

    public void Dispose() => _local.Dispose();

    [Fact]
    public async Task ALargeObjectIsReadBackEqual()
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        using S3Proxy proxy = new((await servers.SharedAsync()).Endpoint, static _ => RequestFate.Passed);
        JournalOptions options = Options(bucket, proxy.Endpoint);
        options.S3.Metadata["team"] = "shop";

        await DeliverAsync(options);

        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: Entries);
        string key = Assert.Single(await bucket.ListKeysAsync());
        Assert.InRange(proxy.Puts, 4, 5);
        GetObjectMetadataResponse found = await bucket.Client.GetObjectMetadataAsync(bucket.Name, key);
        Assert.InRange(found.ContentLength, 20 << 20, 25 << 20);
        Assert.Equal("application/zstd", found.Headers.ContentType);
        Assert.Equal("shop", found.Metadata["team"]);
        Assert.Empty(await bucket.UploadsAsync());
        Assert.Empty(_failures.Items);

        List<int> lengths = [];
        using JournalReader reader = JournalReader.Open(bucket.Options(_local));
        await foreach (JournalObject stored in reader.ListAsync())
        {
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(stored))
            {
                lengths.Add(entry.Length);
            }
        }

        Assert.Empty(reader.Warnings);
        Assert.Equal(Entries, lengths.Count);
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task WhateverIsCutTheObjectIsThereOnceAndNoUploadIsLeft(string trouble)
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        string[] words = trouble.Split(' ', 3);
        using S3Proxy proxy = new((await servers.SharedAsync()).Endpoint, request => request.Method == words[0] && request.Number.ToString(CultureInfo.InvariantCulture) == words[1] ? Fate(words[2]) : RequestFate.Passed);

        await DeliverAsync(Options(bucket, proxy.Endpoint));

        Assert.Single(await bucket.ListKeysAsync());
        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: Entries);
        Assert.Empty(await bucket.UploadsAsync());
        Assert.All(_failures.Items, failure => Assert.Equal(JournalFailureKind.Temporary, failure.Kind));
    }

    [Fact]
    public async Task WhatAProcessLeftIsAbortedByTheNextAndNoOtherUpload()
    {
        S3Server server = await servers.SharedAsync();
        await using Bucket bucket = await server.CreateBucketAsync();
        TaskCompletionSource hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource over = new();
        RequestFate held = RequestFate.Held(() =>
        {
            hangs.TrySetResult();
            return Task.Delay(Limit.Time, over.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        });
        using (S3Proxy proxy = new(server.Endpoint, request => request is { Method: "PUT", Number: 2 } ? held : RequestFate.Passed))
        {
            JournalOptions options = Options(bucket, proxy.Endpoint);
            options.ShutdownTimeout = TimeSpan.FromSeconds(1);
            await using Journal journal = Journal.Open(options);
            Traffic.Append(journal.GetStream("large"), writer: 0, first: 0, Entries, EntryBytes);
            Task flush = journal.FlushAsync(Limit.Token());
            await hangs.Task.WaitAsync(Limit.Time);
            _ = flush.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        }

        await over.CancelAsync();

        MultipartUpload left = Assert.Single(await bucket.UploadsAsync());
        string[] others = [left.Key + "x", left.Key[..^1], "logs/other"];
        foreach (string key in others)
        {
            await bucket.Client.InitiateMultipartUploadAsync(bucket.Name, key);
        }

        await using (Journal journal = Journal.Open(Options(bucket, server.Endpoint)))
        {
            await journal.FlushAsync(Limit.Token());
        }

        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: Entries);
        List<MultipartUpload> open = await bucket.UploadsAsync();
        Assert.Equal(others.Order(StringComparer.Ordinal), open.Select(upload => upload.Key).Order(StringComparer.Ordinal));
        foreach (MultipartUpload upload in open)
        {
            await bucket.Client.AbortMultipartUploadAsync(bucket.Name, upload.Key, upload.UploadId);
        }
    }

    private static RequestFate Fate(string name) => name switch
    {
        "unanswered" => RequestFate.Unanswered,
        "cut" => RequestFate.CutOff,
        "half" => RequestFate.CutInMidBody,
        "half, reset" => RequestFate.ResetInMidBody,
        "refused" => RequestFate.Refused(503, "SlowDown"),
        "reset" => RequestFate.ResetAfter,
        "answer cut" => RequestFate.CutInAnswer,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static async Task DeliverAsync(JournalOptions options)
    {
        await using Journal journal = Journal.Open(options);
        Traffic.Append(journal.GetStream("large"), writer: 0, first: 0, Entries, EntryBytes);
        await journal.FlushAsync(Limit.Token());
    }

    private JournalOptions Options(Bucket bucket, string endpoint)
    {
        JournalOptions options = bucket.Options(_local, endpoint);
        options.MaxObjectBytes = 64 << 20;
        options.MaxObjectAge = TimeSpan.FromMinutes(10);
        options.S3.MultipartThresholdBytes = 5 << 20;
        options.S3.MultipartPartBytes = 5 << 20;
        options.OnFailure(_failures.Add);
        return options;
    }
}
