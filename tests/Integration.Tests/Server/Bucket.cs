using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Server;

/// <summary>A bucket of one test.</summary>
internal sealed class Bucket : IAsyncDisposable
{
    private const int ReadsAtOnce = 8;

    private readonly S3Server _server;

    internal Bucket(S3Server server, string name)
    {
        _server = server;
        Name = name;
        Client = server.CreateClient();
    }

    public string Name { get; }

    /// <summary>With all rights, and straight to the server.</summary>
    public AmazonS3Client Client { get; }

    /// <summary>Options of a journal that delivers to the bucket, in small objects and without waiting long.</summary>
    public JournalOptions Options(TestDirectory local, string? endpoint = null) => Configure(new JournalOptions(), local, endpoint);

    /// <inheritdoc cref="Options" />
    public T Configure<T>(T options, TestDirectory local, string? endpoint = null)
        where T : JournalOptions
    {
        options.Destination = $"s3://{Name}/logs";
        options.LocalDirectory = local.Path;
        options.MaxObjectAge = TimeSpan.FromMilliseconds(50);
        options.ReportToStandardError = false;
        options.S3.Endpoint = endpoint ?? _server.Endpoint;
        options.S3.AccessKeyId = _server.AccessKey;
        options.S3.SecretAccessKey = _server.SecretKey;
        options.S3.Region = _server.Region;
        return options;
    }

    public async Task<List<string>> ListKeysAsync()
    {
        List<string> keys = [];
        await foreach (S3Object found in Client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Name }).S3Objects)
        {
            keys.Add(found.Key);
        }

        return keys;
    }

    /// <summary>Uploads in parts that were begun, and neither completed nor aborted.</summary>
    public async Task<List<MultipartUpload>> UploadsAsync() =>
        (await Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Name })).MultipartUploads ?? [];

    /// <summary>All objects, read without the journal's own code.</summary>
    public async Task<List<BucketObject>> ReadAsync()
    {
        ConcurrentBag<BucketObject> objects = [];
        await Parallel.ForEachAsync(
            await ListKeysAsync(),
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce },
            async (key, cancel) =>
            {
                using GetObjectResponse answer = await Client.GetObjectAsync(Name, key, cancel);
                using StreamReader text = new(new ZstdSharp.DecompressionStream(answer.ResponseStream));
                string content = await text.ReadToEndAsync(cancel);
                bool isLines = !key.EndsWith(".json.zst", StringComparison.Ordinal);
                Assert.Equal(isLines, content.EndsWith('\n'));
                JsonElement metadata = JsonElement.Parse(answer.Metadata["datalake"]);
                objects.Add(new BucketObject(key, metadata, answer.Headers.ContentType, answer.Headers.ContentEncoding, isLines ? content[..^1].Split('\n') : [content]));
            });
        return [.. objects];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_server.IsThrowAway)
        {
            foreach (string key in await ListKeysAsync())
            {
                await Client.DeleteObjectAsync(Name, key);
            }

            await Client.DeleteBucketAsync(Name);
        }

        Client.Dispose();
    }
}
