namespace Sink.Core;

/// <summary>
/// How an <c>s3://</c> destination is reached. Everything may be left out: then region and credentials come from where
/// the AWS SDK looks for them. Of the credentials give one kind: keys, a profile, or a role. All but credentials, tags and
/// metadata may also stand in the destination's query: <c>s3://bucket/prefix?region=eu-west-1&amp;storageClass=STANDARD_IA</c>.
/// </summary>
public sealed class S3Options
{
    /// <summary>The bucket's region, such as <c>eu-west-1</c>. Null takes <c>AWS_REGION</c>, the profile's, or the machine's; with an <see cref="Endpoint"/>, <c>us-east-1</c>.</summary>
    public string? Region { get; set; }

    /// <summary>Where another server than Amazon's answers: <c>http://host:port</c> or <c>https://host</c>. Null takes <c>AWS_ENDPOINT_URL_S3</c>, <c>AWS_ENDPOINT_URL</c>, or Amazon's.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Whether the bucket stands in the path (<c>http://host/bucket</c>) instead of the host's name. Null (the default) is true with an <see cref="Endpoint"/>, false without.</summary>
    public bool? ForcePathStyle { get; set; }

    /// <summary>A profile of the shared AWS configuration files: its keys, role or single sign-on, and its region. Single sign-on needs the packages AWSSDK.SSO and AWSSDK.SSOOIDC in the application.</summary>
    public string? Profile { get; set; }

    /// <summary>An access key's id, together with <see cref="SecretAccessKey"/>. Better kept out of configuration files: the SDK also takes <c>AWS_ACCESS_KEY_ID</c>.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>The secret of <see cref="AccessKeyId"/>. It is never logged.</summary>
    public string? SecretAccessKey { get; set; }

    /// <summary>The token of temporary keys, together with <see cref="AccessKeyId"/> and <see cref="SecretAccessKey"/>. It is never logged.</summary>
    public string? SessionToken { get; set; }

    /// <summary>A role to assume, <c>arn:aws:iam::123456789012:role/name</c>, with the credentials found otherwise; with <see cref="WebIdentityTokenFile"/>, with that token instead. Where STS is not Amazon's, <c>AWS_ENDPOINT_URL_STS</c> tells.</summary>
    public string? RoleArn { get; set; }

    /// <summary>The session's name in the role's audit trail. Null is <c>s3journal</c>.</summary>
    public string? RoleSessionName { get; set; }

    /// <summary>The external id that the role's trust policy asks for. Not with <see cref="WebIdentityTokenFile"/>.</summary>
    public string? ExternalId { get; set; }

    /// <summary>A file with a web identity token (OpenID Connect), an absolute path, read again whenever credentials are renewed. Needs <see cref="RoleArn"/>.</summary>
    public string? WebIdentityTokenFile { get; set; }

    /// <summary>The longest that connecting may take. Default 10 s, 100 ms to 5 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that a request may take, besides one second for each 64 KiB it carries, and the longest it may stand still. Then it is tried again, with the same key and bytes. Default 60 s, 1 s to 1 h.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How the server encrypts objects: <c>AES256</c> (SSE-S3), <c>aws:kms</c> (SSE-KMS) or <c>aws:kms:dsse</c>. Null (the default) leaves it to the bucket.</summary>
    public string? ServerSideEncryption { get; set; }

    /// <summary>The key of <c>aws:kms</c> or <c>aws:kms:dsse</c>: its ARN, id or alias. Null is the account's own <c>aws/s3</c>. Whoever delivers needs <c>kms:GenerateDataKey</c>, and for multipart uploads and reading <c>kms:Decrypt</c>.</summary>
    public string? KmsKeyId { get; set; }

    /// <summary>Whether <c>aws:kms</c> takes one data key a bucket, for fewer requests to KMS. Null (the default) leaves it to the bucket.</summary>
    public bool? BucketKey { get; set; }

    /// <summary>The storage class, as the server names it: <c>STANDARD_IA</c>, <c>INTELLIGENT_TIERING</c>, one of your own on Ceph. Null (the default) is the server's. What <c>GLACIER</c> and <c>DEEP_ARCHIVE</c> hold cannot be read until it is restored.</summary>
    public string? StorageClass { get; set; }

    /// <summary>A canned ACL, such as <c>bucket-owner-full-control</c>; needs <c>s3:PutObjectAcl</c>. Null (the default) sends none, as buckets with ACLs disabled want it.</summary>
    public string? CannedAcl { get; set; }

    /// <summary>The account, 12 digits, that must own the bucket: else every request is refused. Null (the default) is any. Servers other than Amazon's may pass it over.</summary>
    public string? ExpectedBucketOwner { get; set; }

    /// <summary>Tags of every object, for lifecycle rules and costs; needs <c>s3:PutObjectTagging</c>. At most 10, names of 1 to 128 and values of at most 256 letters, digits, spaces and <c>+ - = . _ : / @</c>. Default none.</summary>
    public IDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// User metadata of every object (<c>x-amz-meta-*</c>), beside the journal's own <c>datalake</c>. Names of letters, digits,
    /// <c>- _ .</c>, which become lower case; values of printable ASCII. Names and values, and 11 bytes for each, may have 229 bytes in
    /// all: what S3's 2 KB leave beside the journal's own. Default none.
    /// </summary>
    public IDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether puts carry a CRC beside <c>Content-MD5</c>. Default <see cref="S3RequestChecksum.WhenRequired"/>. A client of your own has its own setting.</summary>
    public S3RequestChecksum RequestChecksum { get; set; } = S3RequestChecksum.WhenRequired;

    /// <summary>Larger objects are put in parts. That needs <c>s3:AbortMultipartUpload</c> and <c>s3:ListBucketMultipartUploads</c> to clean up after a crash. Default 64 MiB, 5 MiB to 5 GiB.</summary>
    public long MultipartThresholdBytes { get; set; } = 64L << 20;

    /// <summary>The size of a part, and what is sent again when one fails; larger where an object would have more than 10,000. Default 16 MiB, 5 MiB to 5 GiB.</summary>
    public long MultipartPartBytes { get; set; } = 16L << 20;

    /// <summary>For changes that its owner does not see.</summary>
    internal S3Options Copy() => (S3Options)MemberwiseClone();
}
