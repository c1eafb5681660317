using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;

namespace Sink.Core.Delivery.S3;

/// <summary>A checked <c>s3://</c> destination. Not a record: one would print its secrets.</summary>
internal sealed class S3Settings
{
    public required string Bucket { get; init; }

    /// <summary>What stands before every key, without slashes at its ends; may be empty.</summary>
    public required string Prefix { get; init; }

    public string? Region { get; init; }

    /// <summary>Null: Amazon's, or what the SDK's own variables say.</summary>
    public Uri? Endpoint { get; init; }

    public bool ForcePathStyle { get; init; }

    public string? Profile { get; init; }

    public string? AccessKeyId { get; init; }

    public string? SecretAccessKey { get; init; }

    public string? SessionToken { get; init; }

    public string? RoleArn { get; init; }

    public string RoleSessionName { get; init; } = "s3journal";

    public string? ExternalId { get; init; }

    public string? WebIdentityTokenFile { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Besides the time for the bytes that a request carries.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The header's value; null leaves it to the bucket, as with the next two.</summary>
    public string? ServerSideEncryption { get; init; }

    public string? KmsKeyId { get; init; }

    public bool? BucketKey { get; init; }

    public string? StorageClass { get; init; }

    public string? CannedAcl { get; init; }

    public string? ExpectedBucketOwner { get; init; }

    /// <summary>By name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>By name, in lower case; without our own document.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    public S3RequestChecksum RequestChecksum { get; init; }

    /// <summary>Larger objects are put in parts.</summary>
    public long MultipartThresholdBytes { get; init; } = 64L << 20;

    public long MultipartPartBytes { get; init; } = 16L << 20;

    /// <summary>The user's own client, or null.</summary>
    public IAmazonS3? Client { get; init; }

    /// <summary>The user's own credentials, or null.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Begins what each request runs in, or null.</summary>
    public Func<IDisposable>? BeginRequest { get; init; }

    /// <summary>What two front ends of one journal must have in common; of secrets it is not told whether they differ.</summary>
    public IEnumerable<(string Name, string Value)> Compared()
    {
        const string None = "not set";
        yield return ("S3.Region", Region ?? None);
        yield return ("S3.Endpoint", Endpoint?.ToString() ?? None);
        yield return ("S3.ForcePathStyle", ForcePathStyle ? "True" : "False");
        yield return ("S3.Profile", Profile ?? None);
        yield return ("S3.AccessKeyId", AccessKeyId ?? None);
        yield return ("S3.RoleArn", RoleArn ?? None);
        yield return ("S3.RoleSessionName", RoleSessionName);
        yield return ("S3.ExternalId", ExternalId ?? None);
        yield return ("S3.WebIdentityTokenFile", WebIdentityTokenFile ?? None);
        yield return ("S3.ConnectTimeout", ConnectTimeout.ToString());
        yield return ("S3.RequestTimeout", RequestTimeout.ToString());
        yield return ("S3.ServerSideEncryption", ServerSideEncryption ?? None);
        yield return ("S3.KmsKeyId", KmsKeyId ?? None);
        yield return ("S3.BucketKey", BucketKey?.ToString() ?? None);
        yield return ("S3.StorageClass", StorageClass ?? None);
        yield return ("S3.CannedAcl", CannedAcl ?? None);
        yield return ("S3.ExpectedBucketOwner", ExpectedBucketOwner ?? None);
        yield return ("S3.Tags", Text(Tags));
        yield return ("S3.Metadata", Text(Metadata));
        yield return ("S3.RequestChecksum", RequestChecksum.ToString());
        yield return ("S3.MultipartThresholdBytes", MultipartThresholdBytes.ToString(CultureInfo.InvariantCulture));
        yield return ("S3.MultipartPartBytes", MultipartPartBytes.ToString(CultureInfo.InvariantCulture));
        yield return ("UseS3Client", Client is null ? None : "a client of its own");
        yield return ("UseCredentials", Credentials is null ? None : "credentials of its own");
    }

    private static string Text(IReadOnlyList<KeyValuePair<string, string>> pairs) =>
        pairs.Count == 0 ? "not set" : string.Join(", ", pairs.Select(pair => $"{pair.Key}={pair.Value}"));
}
