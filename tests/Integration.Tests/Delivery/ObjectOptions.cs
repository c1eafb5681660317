using Amazon.S3;
using Amazon.S3.Model;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Delivery;

/// <summary>Options of objects, as Ceph's gateway keeps them.</summary>
public sealed class ObjectOptions(S3Servers servers) : IDisposable
{
    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();

    public void Dispose() => _local.Dispose();

    [Fact]
    public async Task TagsMetadataAclAndStorageClassAreKept()
    {
        Radosgw server = await servers.GatewayAsync();
        await using Bucket bucket = await server.CreateBucketAsync();
        JournalOptions options = bucket.Options(_local);
        options.OnFailure(_failures.Add);
        options.S3.Tags["team"] = "größe";
        options.S3.Tags["cost center"] = "4/7+1=@:._-";
        options.S3.Metadata["Team"] = "shop & co";
        options.S3.CannedAcl = "public-read";
        options.S3.StorageClass = "STANDARD";

        string key = await DeliverAsync(bucket, options);

        GetObjectTaggingResponse tags = await bucket.Client.GetObjectTaggingAsync(new GetObjectTaggingRequest { BucketName = bucket.Name, Key = key });
        Assert.Equal([("cost center", "4/7+1=@:._-"), ("team", "größe")], tags.Tagging.Select(tag => (tag.Key, tag.Value)).Order());
        GetObjectMetadataResponse head = await bucket.Client.GetObjectMetadataAsync(bucket.Name, key);
        Assert.Equal("shop & co", head.Metadata["team"]);
        Assert.NotNull(head.Metadata["datalake"]);
        GetObjectAclResponse acl = await bucket.Client.GetObjectAclAsync(new GetObjectAclRequest { BucketName = bucket.Name, Key = key });
        Assert.Contains(acl.Grants, grant => grant.Permission == S3Permission.READ && grant.Grantee.URI?.EndsWith("AllUsers", StringComparison.Ordinal) == true);
        S3Object listed = Assert.Single((await bucket.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket.Name })).S3Objects);
        Assert.Equal(S3StorageClass.Standard, listed.StorageClass);
        Assert.Empty(_failures.Items);
    }

    [Fact]
    public async Task AChecksumIsTaken()
    {
        Radosgw server = await servers.GatewayAsync();
        await using Bucket bucket = await server.CreateBucketAsync();
        JournalOptions options = bucket.Options(_local);
        options.OnFailure(_failures.Add);
        options.S3.RequestChecksum = S3RequestChecksum.Always;

        await DeliverAsync(bucket, options);

        Assert.Empty(_failures.Items);
    }

    [Fact]
    public async Task TheMostMetadataThatIsAllowedIsTaken()
    {
        Radosgw server = await servers.GatewayAsync();
        await using Bucket bucket = await server.CreateBucketAsync();
        JournalOptions options = bucket.Options(_local);
        options.OnFailure(_failures.Add);
        options.S3.Metadata["m"] = new string('v', 217);

        string key = await DeliverAsync(bucket, options);

        Assert.Equal(options.S3.Metadata["m"], (await bucket.Client.GetObjectMetadataAsync(bucket.Name, key)).Metadata["m"]);
    }

    // A mistake that only the server can see: nothing is lost, and it is said.
    [Theory]
    [InlineData("GLACIER_OF_NOBODY", null, "S3.StorageClass")]
    [InlineData(null, "AES256", "S3.ServerSideEncryption")]
    public async Task WhatTheServerDoesNotHaveIsReportedAndNothingIsLost(string? storageClass, string? encryption, string option)
    {
        Radosgw server = await servers.GatewayAsync();
        await using Bucket bucket = await server.CreateBucketAsync();
        JournalOptions options = bucket.Options(_local);
        options.OnFailure(_failures.Add);
        options.ShutdownTimeout = TimeSpan.FromSeconds(1);
        options.S3.StorageClass = storageClass;
        options.S3.ServerSideEncryption = encryption;
        await using (Journal journal = Journal.Open(options))
        {
            Traffic.Append(journal.GetStream("s"), writer: 0, first: 0, count: 10);
            await _failures.WaitForOneAsync();
        }

        Assert.Contains($"Check that the server takes {option}.", _failures.Items[0].Message, StringComparison.Ordinal);
        options.S3.StorageClass = null;
        options.S3.ServerSideEncryption = null;
        await Journal.Open(options).DisposeAsync();
        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: 10);
    }

    private static async Task<string> DeliverAsync(Bucket bucket, JournalOptions options)
    {
        await using (Journal journal = Journal.Open(options))
        {
            Traffic.Append(journal.GetStream("s"), writer: 0, first: 0, count: 10);
            await journal.FlushAsync(Limit.Token());
        }

        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: 10);
        return Assert.Single(await bucket.ListKeysAsync());
    }
}
