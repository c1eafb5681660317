using Amazon.S3;
using Amazon.S3.Model;
using Integration.Tests.Server;

namespace Integration.Tests;

/// <summary>What the other tests, and the journal, rely on.</summary>
public sealed class ServerFacts(S3Servers servers)
{
    [Fact]
    public async Task ASecondConditionalPutOfAKeyIsRefused()
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        await bucket.Client.PutObjectAsync(Put("first"));

        AmazonS3Exception exception = await Assert.ThrowsAsync<AmazonS3Exception>(() => bucket.Client.PutObjectAsync(Put("second")));

        Assert.Equal(412, (int)exception.StatusCode);
        using GetObjectResponse got = await bucket.Client.GetObjectAsync(bucket.Name, "key");
        Assert.Equal("first", await new StreamReader(got.ResponseStream).ReadToEndAsync());

        PutObjectRequest Put(string content) => new() { BucketName = bucket.Name, Key = "key", ContentBody = content, IfNoneMatch = "*" };
    }

    [Fact]
    public async Task AGatewayThatWasKilledComesBackWithItsObjects()
    {
        await using Radosgw server = await servers.OwnAsync();
        await using Bucket bucket = await server.CreateBucketAsync();
        await bucket.Client.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = "key", ContentBody = "kept" });

        server.Kill(Radosgw.Part.Gateway);
        await server.StartGatewayAsync();

        Assert.Equal(["key"], await bucket.ListKeysAsync());
    }
}
