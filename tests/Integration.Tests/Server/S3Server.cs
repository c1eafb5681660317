using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Integration.Tests.Server;

/// <summary>A server that speaks S3, with keys that may make buckets. One that is not thrown away after the tests must be left clean.</summary>
public record S3Server(string Endpoint, string AccessKey, string SecretKey, string Region, bool IsThrowAway)
{
    /// <summary>A client for setting up and for looking into buckets, by another way than the journal's.</summary>
    public AmazonS3Client CreateClient() => new(
        new BasicAWSCredentials(AccessKey, SecretKey),
        new AmazonS3Config
        {
            ServiceURL = Endpoint,
            AuthenticationRegion = Region,
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = TimeSpan.FromSeconds(60),
            MaxErrorRetry = 10,
        });

    /// <summary>A new bucket, so that tests never meet.</summary>
    internal async Task<Bucket> CreateBucketAsync()
    {
        Bucket bucket = new(this, $"test-{Guid.NewGuid():N}");
        await bucket.Client.PutBucketAsync(new PutBucketRequest { BucketName = bucket.Name });
        return bucket;
    }

    /// <summary>Not the secret.</summary>
    public sealed override string ToString() => Endpoint;
}
