using System.Text.Json;
using Integration.Tests.Load;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Programs;

/// <summary>A program that puts JSON documents into streams by domain and namespace, as JSON arrays.</summary>
[Collection(nameof(Alone))]
public sealed class StreamsSample(S3Servers servers) : IDisposable
{
    private const int Many = 1_000_000;

    private readonly TestDirectory _local = new();

    public void Dispose() => _local.Dispose();

    [Fact]
    public async Task EachDocumentIsInOneArrayOfItsStreamAndEachObjectIsToldOnce()
    {
        SampleProcess.AssertThereAreSignals();
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        List<string> output = [];
        using (SampleProcess program = Start(bucket, documents: 10_000))
        {
            while (await program.ReadLineAsync() is { } line)
            {
                output.Add(line);
            }

            Assert.Equal(0, await program.WaitForEndAsync());
        }

        Assert.Contains("of this run 10000 documents in 3 streams: missing 0, doubled 0, out of order 0", output[^1], StringComparison.Ordinal);
        List<BucketObject> objects = await bucket.ReadAsync();
        Assert.Equal(["shop/customers", "shop/orders", "warehouse/stock%2Fmoves"], objects.Select(static found => found.Stream).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(0, 10_000), Documents(objects).Select(static document => document.Number).Order());
        IEnumerable<string> told = output.Where(static line => line.StartsWith("delivered ", StringComparison.Ordinal)).Select(static line => line["delivered ".Length..line.IndexOf(": ", StringComparison.Ordinal)]);
        Assert.Equal(objects.Select(static found => found.Key).Order(StringComparer.Ordinal), told.Select(key => $"logs/{key}").Order(StringComparer.Ordinal));
    }

    /// <summary>Cause: what node_s3_file_buffer had begun when it died stayed an array without an end for ever.</summary>
    [Fact]
    public async Task AfterAKillTheNextStartEndsTheArraysThatWereBegun()
    {
        SampleProcess.AssertThereAreSignals();
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        using (SampleProcess program = Start(bucket, documents: 100_000_000))
        {
            for (int delivered = 0; delivered < 20; delivered++)
            {
                Assert.NotNull(await program.ReadLineAsync());
            }

            program.Kill();
            await program.ReadToEndAsync();
            Assert.NotEqual(0, await program.WaitForEndAsync());
        }

        using (SampleProcess program = Start(bucket, documents: 9))
        {
            await program.ReadToEndAsync();
            Assert.Equal(0, await program.WaitForEndAsync());
        }

        ILookup<string, int> runs = Documents(await bucket.ReadAsync()).ToLookup(static document => document.Run, static document => document.Number);
        Assert.Equal(2, runs.Count);
        Assert.All(runs, static run => Assert.Equal(Enumerable.Range(0, run.Count()), run.Order()));
        Assert.InRange(runs.Max(static run => run.Count()), 10_000, int.MaxValue);
    }

    /// <summary>Crash window: some parts of an object are in the store, and the process that put them is gone.</summary>
    [Fact]
    public async Task AfterAKillInTheMidstOfPartsTheObjectIsThereOnceAndNoUploadIsLeft()
    {
        SampleProcess.AssertThereAreSignals();
        S3Server server = await servers.SharedAsync();
        await using Bucket bucket = await server.CreateBucketAsync();
        TaskCompletionSource hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource over = new();
        RequestFate held = RequestFate.Held(() =>
        {
            hangs.TrySetResult();
            return Task.Delay(Limit.Time, over.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        });
        int parts = 0;
        using (S3Proxy proxy = new(server.Endpoint, request => IsPart(request) && Interlocked.Increment(ref parts) == 2 ? held : RequestFate.Passed))
        using (SampleProcess program = Start(bucket, documents: Many, proxy.Endpoint, InParts))
        {
            Task<int> ends = program.WaitForEndAsync();
            Task output = program.ReadToEndAsync();
            Assert.Same(hangs.Task, await Task.WhenAny(hangs.Task, ends).WaitAsync(Limit.Time));
            program.Kill();
            await output;
            Assert.NotEqual(0, await ends);
        }

        await over.CancelAsync();
        Assert.NotEmpty(await bucket.UploadsAsync());
        using (SampleProcess program = Start(bucket, documents: 9, server.Endpoint, InParts))
        {
            await program.ReadToEndAsync();
            Assert.Equal(0, await program.WaitForEndAsync());
        }

        Assert.Empty(await bucket.UploadsAsync());
        ILookup<string, int> runs = Documents(await bucket.ReadAsync()).ToLookup(static document => document.Run, static document => document.Number);
        Assert.Equal([9, Many], runs.Select(static run => run.Count()).Order());
        Assert.All(runs, static run => Assert.Equal(Enumerable.Range(0, run.Count()), run.Order()));
    }

    /// <summary>Objects of two streams of some 8 MB each, put in parts, and small ones of the third.</summary>
    private static (string Name, string Value)[] InParts =>
    [
        ("Journal__Streams__1__MaxObjectBytes", $"{64 << 20}"), ("Journal__Streams__1__MaxObjectAge", "01:00:00"),
        ("Journal__S3__MultipartThresholdBytes", $"{5 << 20}"), ("Journal__S3__MultipartPartBytes", $"{5 << 20}"),
    ];

    private static bool IsPart(ProxiedRequest request) => request.Method == "PUT" && request.Path.Contains("partNumber=", StringComparison.Ordinal);

    private SampleProcess Start(Bucket bucket, int documents, string? endpoint = null, params (string Name, string Value)[] others)
    {
        JournalOptions options = bucket.Options(_local, endpoint);
        options.ShutdownTimeout = Limit.Time;
        return SampleProcess.Start("Streams", "Journal", options, [("Documents", documents.ToString()), .. others]);
    }

    private static IEnumerable<(string Run, int Number)> Documents(IEnumerable<BucketObject> objects)
    {
        foreach (BucketObject found in objects)
        {
            using JsonDocument array = JsonDocument.Parse(Assert.Single(found.Lines));
            Assert.Equal(found.Entries, array.RootElement.GetArrayLength());
            foreach (JsonElement document in array.RootElement.EnumerateArray())
            {
                yield return (document.GetProperty("run").GetString()!, document.GetProperty("number").GetInt32());
            }
        }
    }
}
