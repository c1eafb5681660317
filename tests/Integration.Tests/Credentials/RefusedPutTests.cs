using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Integration.Tests.Server;
using Sink.Core.Delivery.S3;

namespace Integration.Tests.Credentials;

public sealed class RefusedPutTests(S3Servers servers)
{
    // Ceph's gateway takes what it has not read of a refused put for the next request's first line.
    [Fact]
    public async Task ASmallPutThatIsRefusedDoesNotSpoilItsConnection()
    {
        S3Server server = await servers.SharedAsync();
        await using Bucket bucket = await server.CreateBucketAsync();
        using S3HttpClients http = new(TimeSpan.FromSeconds(10));

        AmazonS3Exception refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => PutAsync("not the secret"));
        PutObjectResponse taken = await PutAsync(server.SecretKey);

        Assert.Equal("SignatureDoesNotMatch", refused.ErrorCode);
        Assert.Equal(HttpStatusCode.OK, taken.HttpStatusCode);

        async Task<PutObjectResponse> PutAsync(string secret)
        {
            using AmazonS3Client client = new(
                new BasicAWSCredentials(server.AccessKey, secret),
                new AmazonS3Config
                {
                    ServiceURL = server.Endpoint,
                    AuthenticationRegion = server.Region,
                    ForcePathStyle = true,
                    HttpClientFactory = http,
                    MaxErrorRetry = 0,
                    RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                });
            return await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = "key", ContentBody = "small", UseChunkEncoding = false });
        }
    }
}
