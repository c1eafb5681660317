using Amazon.Runtime;
using Amazon.S3;

namespace Sink.Core.Delivery.S3;

/// <summary>
/// Makes the AWS client when it is first needed, for its constructor may fail: what is wrong is then found out, and put
/// right, while the journal is open. A client of the user's own is used as it is.
/// </summary>
internal sealed class S3Access : IDisposable
{
    /// <summary>With an endpoint the region only goes into signatures; this is what servers other than Amazon's expect.</summary>
    private const string AnyRegion = "us-east-1";

    private readonly S3Settings _settings;
    private readonly int _retries;
    private readonly S3HttpClients _http;
    private readonly S3Credentials _credentials;
    private readonly Lock _lock = new();

    // Owned by _lock.
    private AmazonS3Client? _client;

    /// <param name="settings">How the destination is reached.</param>
    /// <param name="retries">How often the client itself tries again; deliveries have a backoff of their own.</param>
    public S3Access(S3Settings settings, int retries)
    {
        _settings = settings;
        _retries = retries;
        _http = new S3HttpClients(settings.ConnectTimeout);
        _credentials = new S3Credentials(settings, _http, TimeProvider.System);
    }

    /// <summary>Who we are, for messages; never a secret.</summary>
    public string Identity => _settings.Client is null ? _credentials.Identity : "the given client";

    /// <summary>Throws what the client's constructor throws, as when no region is known.</summary>
    public IAmazonS3 Client
    {
        get
        {
            if (_settings.Client is { } own)
            {
                return own;
            }

            lock (_lock)
            {
                return _client ??= Make();
            }
        }
    }

    /// <summary>The server did not accept our credentials: others may be there by now.</summary>
    public void ForgetCredentials() => _credentials.Forget();

    public void Dispose()
    {
        lock (_lock)
        {
            _client?.Dispose();
        }

        _credentials.Dispose();
        _http.Dispose();
    }

    private AmazonS3Client Make()
    {
        AmazonS3Config config = new()
        {
            ConnectTimeout = _settings.ConnectTimeout,
            ForcePathStyle = _settings.ForcePathStyle,
            HttpClientFactory = _http,
            IdentityResolverConfiguration = _credentials,
            MaxErrorRetry = _retries,

            // Checksums that the SDK adds by itself are refused by servers that do not know them; Content-MD5 is known by all.
            RequestChecksumCalculation = _settings.RequestChecksum == S3RequestChecksum.Always ? RequestChecksumCalculation.WHEN_SUPPORTED : RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = S3Requests.TimeFor(_settings, S3Store.LargestPut),
        };
        if (_settings.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = _settings.Region ?? AnyRegion;
        }
        else if (S3Region.Find(_settings, askMachine: true) is { } region)
        {
            config.RegionEndpoint = region;
        }

        return new AmazonS3Client(config);
    }
}
