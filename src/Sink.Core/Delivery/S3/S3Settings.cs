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

    /// <summary>The user's own client, or null.</summary>
    public IAmazonS3? Client { get; init; }

    /// <summary>The user's own credentials, or null.</summary>
    public AWSCredentials? Credentials { get; init; }
}
