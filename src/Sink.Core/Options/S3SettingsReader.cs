using Sink.Core.Delivery.S3;

namespace Sink.Core.Options;

/// <summary>Reads the options of an <c>s3://</c> destination.</summary>
internal static class S3SettingsReader
{
    private static readonly string[] _endpointVariables = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];

    /// <summary>Notes every mistake; the settings are only sound when there was none.</summary>
    public static S3Settings Read(Destination destination, JournalOptions options, HostEnvironment environment, OptionChecks checks)
    {
        S3Options s3 = S3Query.Apply(destination.Query, options.S3, checks);
        checks.Range("S3.ConnectTimeout", s3.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        checks.Range("S3.RequestTimeout", s3.RequestTimeout, TimeSpan.FromSeconds(1), SettingLimits.OneHour);
        if (options.S3Client is not null && options.Credentials is not null)
        {
            checks.Add("UseCredentials", "is given together with UseS3Client; the client has credentials of its own: leave one out");
        }

        S3Checks.CheckCredentials(s3, checks);
        S3ObjectChecks.Check(s3, checks);
        if (options.Credentials is not null && (s3.AccessKeyId ?? s3.Profile ?? s3.RoleArn) is not null)
        {
            checks.Add("UseCredentials", "is given together with keys, a profile or a role in S3; leave one out");
        }

        string? region = NullIfEmpty(s3.Region);
        if (region?.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') == false)
        {
            checks.Add("S3.Region", "is not a region's name; write one such as eu-west-1");
        }

        Uri? endpoint = ReadEndpoint(s3, environment, checks);
        return new S3Settings
        {
            Bucket = destination.Bucket!,
            Prefix = destination.Prefix,
            Region = region,
            Endpoint = endpoint,
            ForcePathStyle = s3.ForcePathStyle ?? endpoint is not null,
            Profile = s3.Profile,
            AccessKeyId = s3.AccessKeyId,
            SecretAccessKey = s3.SecretAccessKey,
            SessionToken = s3.SessionToken,
            RoleArn = s3.RoleArn,
            RoleSessionName = s3.RoleSessionName ?? "s3journal",
            ExternalId = s3.ExternalId,
            WebIdentityTokenFile = s3.WebIdentityTokenFile,
            ConnectTimeout = s3.ConnectTimeout,
            RequestTimeout = s3.RequestTimeout,
            ServerSideEncryption = S3ObjectChecks.Encryption(s3.ServerSideEncryption),
            KmsKeyId = s3.KmsKeyId,
            BucketKey = s3.BucketKey,
            StorageClass = s3.StorageClass,
            CannedAcl = s3.CannedAcl,
            ExpectedBucketOwner = s3.ExpectedBucketOwner,
            Tags = Ordered(s3.Tags, static name => name),
            Metadata = Ordered(s3.Metadata, static name => name.ToLowerInvariant()),
            RequestChecksum = s3.RequestChecksum,
            MultipartThresholdBytes = s3.MultipartThresholdBytes,
            MultipartPartBytes = s3.MultipartPartBytes,
            Client = options.S3Client,
            Credentials = options.Credentials,
            BeginRequest = options.BeginRequest,
        };
    }

    // The SDK reads the variables too, but then also wants a region, which other servers do not have.
    private static Uri? ReadEndpoint(S3Options s3, HostEnvironment environment, OptionChecks checks)
    {
        string? text = NullIfEmpty(s3.Endpoint);
        string name = "S3.Endpoint";
        if (text is null && !string.Equals(environment.GetVariable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true", StringComparison.OrdinalIgnoreCase))
        {
            name = _endpointVariables.FirstOrDefault(variable => NullIfEmpty(environment.GetVariable(variable)) is not null) ?? name;
            text = NullIfEmpty(environment.GetVariable(name));
        }

        if (text is null)
        {
            return null;
        }

        bool isUri = Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https" && endpoint.Host.Length > 0;
        if (!isUri || endpoint!.UserInfo.Length > 0 || endpoint.Query.Length > 0 || endpoint.AbsolutePath != "/")
        {
            checks.Add(name, "is not a server's address; write http://host:port or https://host, without path, query or user information");
            return null;
        }

        return endpoint;
    }

    private static KeyValuePair<string, string>[] Ordered(IDictionary<string, string>? pairs, Func<string, string> name) =>
        pairs is null ? [] : [.. pairs.Select(pair => KeyValuePair.Create(name(pair.Key), pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
