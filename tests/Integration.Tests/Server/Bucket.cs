using Amazon.S3;
using Amazon.S3.Model;

namespace Integration.Tests.Server;

/// <summary>A bucket of one test.</summary>
public sealed class Bucket : IAsyncDisposable
{
    internal Bucket(S3Server server, string name)
    {
        Server = server;
        Name = name;
        Client = server.CreateClient();
    }

    public S3Server Server { get; }

    public string Name { get; }

    /// <summary>With all rights, and straight to the server.</summary>
    public AmazonS3Client Client { get; }

    public async Task<List<string>> ListKeysAsync()
    {
        List<string> keys = [];
        await foreach (S3Object found in Client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Name }).S3Objects)
        {
            keys.Add(found.Key);
        }

        return keys;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Server.IsThrowAway)
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
