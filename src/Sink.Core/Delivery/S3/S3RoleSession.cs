using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Sink.Core.Delivery.S3;

/// <summary>
/// Keys of a role, renewed before they expire. One caller at a time asks; <see cref="Forget"/> may come at any time.
/// The SDK has classes for this; their requests have no time-out, send trace headers, and cannot be told to start over.
/// </summary>
internal sealed class S3RoleSession
{
    /// <summary>STS is asked no more often than that while the keys are good. A clock that runs ahead would else ask at each request.</summary>
    private static readonly TimeSpan _leastPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _renewBefore = TimeSpan.FromMinutes(15);

    private readonly S3Role _role;
    private readonly S3Settings _settings;
    private readonly HttpClientFactory _http;
    private readonly S3Credentials? _caller;
    private readonly TimeProvider _time;
    private volatile Held? _held;

    /// <param name="role">Which role.</param>
    /// <param name="settings">Of these region and time-outs count.</param>
    /// <param name="http">Makes the HTTP client.</param>
    /// <param name="caller">Whose keys sign the request; null when a token stands in it.</param>
    /// <param name="time">Tells when keys expire.</param>
    public S3RoleSession(S3Role role, S3Settings settings, HttpClientFactory http, S3Credentials? caller, TimeProvider time)
    {
        _role = role;
        _settings = settings;
        _http = http;
        _caller = caller;
        _time = time;
    }

    public S3Role Role => _role;

    /// <summary>The next keys come from STS.</summary>
    public void Forget() => _held = null;

    /// <exception cref="S3CredentialsException">STS gives none.</exception>
    public async Task<ImmutableCredentials> GetKeysAsync()
    {
        Held? held = _held;
        DateTimeOffset now = _time.GetUtcNow();
        if (held is not null && now < held.RenewAt)
        {
            return held.Keys;
        }

        try
        {
            Credentials given = await AskAsync().ConfigureAwait(false);
            held = Held.Of(given, now);
        }
        catch (S3CredentialsException) when (held is not null && now < held.Expires)
        {
            // Good enough for a while, in which STS may come back.
            held = held with { RenewAt = now + _leastPause };
        }

        _held = held;
        return held.Keys;
    }

    private async Task<Credentials> AskAsync()
    {
        // Half of what the request may take that needs the keys: its time-out must not hide ours.
        TimeSpan limit = _settings.RequestTimeout / 2;
        using CancellationTokenSource cancel = new(limit);
        try
        {
            // Found here and not by the client: when its search for keys fails, it tries another way of signing, and reports that.
            AWSCredentials caller = _caller is null ? new AnonymousAWSCredentials() : await FindCallerAsync(_caller, cancel.Token).ConfigureAwait(false);
            using AmazonSecurityTokenServiceClient sts = new(caller, Configure(limit));
            Credentials? given = await _role.AssumeAsync(sts, cancel.Token).ConfigureAwait(false);
            bool isWhole = given is { AccessKeyId.Length: > 0, SecretAccessKey.Length: > 0, SessionToken.Length: > 0 };
            return isWhole ? given! : throw NotUnderstood();
        }
        catch (AmazonUnmarshallingException)
        {
            // Its message repeats the answer, and with it the keys.
            throw NotUnderstood();
        }
        catch (AmazonServiceException e) when (!string.IsNullOrEmpty(e.ErrorCode))
        {
            throw new S3CredentialsException($"STS says {e.ErrorCode}: {e.Message.Trim().TrimEnd('.')}", CureOf(e.ErrorCode), e);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            throw new S3CredentialsException("STS does not answer within the time-out", "Check the network and AWS_ENDPOINT_URL_STS.", e);
        }
        catch (Exception e) when (e is not S3CredentialsException)
        {
            throw new S3CredentialsException($"STS cannot be asked: {e.GetBaseException().Message}", "Check the network and AWS_ENDPOINT_URL_STS.", e);
        }
    }

    // STS has not been asked yet: it must not be blamed.
    private static async Task<AWSCredentials> FindCallerAsync(S3Credentials caller, CancellationToken cancellationToken)
    {
        try
        {
            return await caller.FindAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new S3CredentialsException($"no keys from {caller.Identity} in time", S3Credentials.CureOfSlowSearch, e);
        }
    }

    private static S3CredentialsException NotUnderstood() => new("STS's answer is not understood", "Check AWS_ENDPOINT_URL_STS.", null);

    private AmazonSecurityTokenServiceConfig Configure(TimeSpan limit)
    {
        AmazonSecurityTokenServiceConfig config = new()
        {
            ConnectTimeout = _settings.ConnectTimeout,
            HttpClientFactory = _http,
            MaxErrorRetry = 1,
            Timeout = limit,
        };

        // Reading the URL makes the SDK look at its variables. Only what is set by hand stays: the SDK's own search for a region clears it.
        RegionEndpoint region = S3Region.Find(_settings, askMachine: _settings.Endpoint is null) ?? RegionEndpoint.USEast1;
        if (config.ServiceURL is { } url)
        {
            config.ServiceURL = url;
            config.AuthenticationRegion = region.SystemName;
        }
        else
        {
            config.RegionEndpoint = region;
        }

        return config;
    }

    // Codes: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and the two operations' own.
    private string CureOf(string code) => code switch
    {
        "ExpiredTokenException" or "ExpiredToken" when _role.TokenFile is { } file => $"Renew the token in {file}.",
        "ExpiredTokenException" or "ExpiredToken" => "Renew the keys that assume the role.",
        "InvalidIdentityToken" or "IDPRejectedClaim" => $"Correct the token in {_role.TokenFile}, or the identity provider and the role's trust policy.",
        "AccessDenied" or "AccessDeniedException" => "Correct the role's name, or allow it in the role's trust policy.",
        "InvalidClientTokenId" or "SignatureDoesNotMatch" or "UnrecognizedClientException" => "Correct the keys that assume the role.",
        "RegionDisabledException" => "Set S3.Region to one that is enabled for the account.",
        _ => "",
    };

    /// <summary>Keys, when to renew them and when they end.</summary>
    private sealed record Held(ImmutableCredentials Keys, DateTimeOffset RenewAt, DateTimeOffset Expires)
    {
        public static Held Of(Credentials given, DateTimeOffset now)
        {
            DateTimeOffset expires = new(given.Expiration?.ToUniversalTime() ?? (now + (4 * _renewBefore)).UtcDateTime);
            TimeSpan life = expires - now;
            TimeSpan renewIn = life - (life < 4 * _renewBefore ? life / 4 : _renewBefore);
            ImmutableCredentials keys = new(given.AccessKeyId, given.SecretAccessKey, given.SessionToken);
            return new Held(keys, now + (renewIn > _leastPause ? renewIn : _leastPause), expires);
        }
    }
}
