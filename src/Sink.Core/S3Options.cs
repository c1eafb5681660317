namespace Sink.Core;

/// <summary>
/// How an <c>s3://</c> destination is reached. Everything may be left out: then region and credentials come from where
/// the AWS SDK looks for them. Of the credentials give one kind: keys, a profile, or a role.
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
}
