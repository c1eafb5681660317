using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Identity;
using Amazon.S3;
using Amazon.SecurityToken;

namespace Sink.Core.Delivery.S3;

/// <summary>
/// Finds the keys that sign a request, anew at each: keys that appear or change while the journal is open are used from
/// then on. The client takes it as its <see cref="ClientConfig.IdentityResolverConfiguration"/>, and gets keys that stay
/// the same for one request: the SDK reads them twice, for the token and, blocking, for the signature.
/// </summary>
internal sealed class S3Credentials : IIdentityResolver, IIdentityResolverConfiguration, IDisposable
{
    /// <summary>Searches that hang (a credential process, an STS of the SDK's own without a time-out) and were given up; beyond these the last is waited for.</summary>
    private const int MostHanging = 8;

    public const string CureOfSlowSearch = "Check what it asks: instance metadata, a container's endpoint, STS, a credential process.";

    /// <summary>The longest search is not the request's time-out, or that would hide whose fault it is. The SDK's own takes up to 35 s: where no instance metadata answers, it asks three times.</summary>
    private readonly TimeSpan _longestSearch;

    private readonly S3Settings _settings;
    private readonly HttpClientFactory _http;
    private readonly TimeProvider _time;
    private readonly string? _roleArn;
    private readonly S3Credentials? _caller;
    private readonly AWSCredentials? _fixed;
    private readonly Lock _lock = new();

    // Owned by _lock.
    private Task<AWSCredentials>? _search;
    private int _hanging;
    private bool _forget;
    private bool _disposed;

    // Owned by the search, of which there is one at a time (one that was given up is past using them); others only read.
    private DefaultAWSCredentialsIdentityResolver? _chain;
    private volatile S3RoleSession? _role;
    private volatile string? _keyId;

    public S3Credentials(S3Settings settings, HttpClientFactory http, TimeProvider time)
        : this(settings, http, time, asCaller: false)
    {
    }

    // The SDK makes its own STS client for profiles with a role, by name. (Registering one in its stead is no way out:
    // the SDK would then sign with the default chain's keys, and no longer with those of the source profile.)
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceConfig))]
    private S3Credentials(S3Settings settings, HttpClientFactory http, TimeProvider time, bool asCaller)
    {
        _settings = settings;
        _http = http;
        _time = time;
        _longestSearch = settings.RequestTimeout * 0.75;
        _roleArn = asCaller || settings.Credentials is not null ? null : settings.RoleArn;
        if (_roleArn is { } arn)
        {
            _caller = settings.WebIdentityTokenFile is null ? new S3Credentials(settings, http, time, asCaller: true) : null;
            S3Role role = new(arn, settings.RoleSessionName, settings.ExternalId, settings.WebIdentityTokenFile);
            _role = new S3RoleSession(role, settings, http, _caller, time);
        }
        else if (settings.Credentials is null && settings.AccessKeyId is { } id)
        {
            _fixed = Snapshot(new ImmutableCredentials(id, settings.SecretAccessKey, settings.SessionToken));
        }
    }

    /// <summary>Who signs, for messages; never a secret.</summary>
    public string Identity
    {
        get
        {
            if (_settings.Credentials is not null)
            {
                return "the given credentials";
            }

            if (_role is { } session)
            {
                string by = session.Role.TokenFile is { } file ? $"web identity {file}" : _caller!.Identity;
                return $"role {session.Role.Arn} by {by}";
            }

            if (_settings.AccessKeyId is { } id)
            {
                return $"access key {id}";
            }

            string source = _settings.Profile is { } profile ? $"profile \"{profile}\"" : "the SDK's default chain";
            return _keyId is { } found ? $"{source} (access key {found})" : source;
        }
    }

    /// <summary>Lets go of all that was found: the server did not accept it, so the next request searches anew.</summary>
    public void Forget()
    {
        _caller?.Forget();
        lock (_lock)
        {
            _forget = true;
        }
    }

    public IIdentityResolver GetIdentityResolver<T>()
        where T : BaseIdentity =>
        typeof(T) == typeof(AWSCredentials) ? this : DefaultIdentityResolverConfiguration.Instance.GetIdentityResolver<T>();

    public async Task<BaseIdentity> ResolveIdentityAsync(IClientConfig clientConfig, CancellationToken cancellationToken = default) =>
        await FindAsync(cancellationToken).ConfigureAwait(false);

    public BaseIdentity ResolveIdentity(IClientConfig clientConfig) => ResolveIdentityAsync(clientConfig).GetAwaiter().GetResult();

    /// <summary>The keys to sign with now.</summary>
    /// <exception cref="S3CredentialsException">There are none.</exception>
    public async Task<AWSCredentials> FindAsync(CancellationToken cancellationToken)
    {
        if (_fixed is { } keys)
        {
            return keys;
        }

        Task<AWSCredentials> search = SearchOnce();
        try
        {
            return await search.WaitAsync(_longestSearch, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            GiveUp(search);
            throw new S3CredentialsException($"no keys from {Identity} within {_longestSearch.TotalSeconds:0} s", CureOfSlowSearch, e);
        }
    }

    public void Dispose()
    {
        _caller?.Dispose();
        lock (_lock)
        {
            // A search that is under way still uses it, and lets go of it at its end.
            _disposed = true;
            if (_search is null or { IsCompleted: true })
            {
                _chain?.Dispose();
            }
        }
    }

    /// <summary>All who need keys at a time share one search, and its failure. It runs on the pool: parts of the SDK's block.</summary>
    private Task<AWSCredentials> SearchOnce()
    {
        lock (_lock)
        {
            if (_search is null or { IsCompleted: true })
            {
                bool anew = _forget;
                _forget = false;
                _search = Task.Run(() => SearchAsync(anew));

                // Nobody may be waiting any more when it fails.
                _ = _search.ContinueWith(static search => search.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }

            return _search;
        }
    }

    /// <summary>The next request begins another search.</summary>
    private void GiveUp(Task<AWSCredentials> search)
    {
        lock (_lock)
        {
            if (_search == search && _hanging < MostHanging)
            {
                _search = null;
                _forget = true;
                _hanging++;
                _ = search.ContinueWith(_ => CameBack(), TaskScheduler.Default);
            }
        }

        void CameBack()
        {
            lock (_lock)
            {
                _hanging--;
            }
        }
    }

    private async Task<AWSCredentials> SearchAsync(bool anew)
    {
        try
        {
            if (anew)
            {
                LetGo();
            }

            if (Role() is { } role)
            {
                return Snapshot(await role.GetKeysAsync().ConfigureAwait(false));
            }

            AWSCredentials found = _settings.Credentials ?? await SearchTheSdkAsync().ConfigureAwait(false);
            ImmutableCredentials? keys = await found.GetCredentialsAsync().ConfigureAwait(false);
            _keyId = keys?.AccessKey;
            return keys is null ? found : Snapshot(keys);
        }
        catch (S3CredentialsException e)
        {
            throw new S3CredentialsException($"no keys from {Identity}: {e.Message}", e.Cure, e.InnerException);
        }
        catch (Exception e)
        {
            _keyId = null;
            bool isTelling = TryTell(e, out string reason);
            throw new S3CredentialsException($"no keys from {Identity}: {reason.TrimEnd('.')}", Cure(), isTelling ? e : null);
        }
        finally
        {
            lock (_lock)
            {
                if (_disposed)
                {
                    _chain?.Dispose();
                }
            }
        }
    }

    private void LetGo()
    {
        _chain?.Dispose();
        _chain = null;
        _role?.Forget();
    }

    private Task<AWSCredentials> SearchTheSdkAsync()
    {
        string? profile = _settings.Profile;
        if (profile is null && S3Profiles.MissedFile is not null && !S3Role.HasKeysInEnvironment)
        {
            string inUse = DefaultAWSCredentialsIdentityResolver.GetProfileName();
            profile = S3Profiles.Find(inUse) is null ? null : inUse;
        }

        _chain ??= new DefaultAWSCredentialsIdentityResolver();
        AmazonS3Config? config = profile is null ? null : new AmazonS3Config { Profile = new Amazon.Profile(profile, S3Profiles.MissedFile) };
        return _chain.ResolveIdentityAsync(config, CancellationToken.None);
    }

    /// <summary>The options' role, or, where the default chain would find it, the environment's.</summary>
    private S3RoleSession? Role()
    {
        bool isChain = _roleArn is null && _settings is { Credentials: null, Profile: null } && Amazon.AWSConfigs.AWSCredentialsGenerators is null;
        if (isChain && S3Role.OfEnvironment(_settings.RoleSessionName) is var role && role != _role?.Role)
        {
            _role = role is null ? null : new S3RoleSession(role, _settings, _http, null, _time);
        }

        return _role;
    }

    private string Cure() =>
        _settings.Credentials is not null ? "See to the credentials given to UseCredentials."
        : _settings.Profile is { } profile ? $"Correct the profile \"{profile}\" in the shared AWS files."
        : "Give S3 keys, a profile or a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";

    /// <summary>The reason in one line. False when the exception's own text may hold keys: that of an answer not understood repeats the answer.</summary>
    private static bool TryTell(Exception exception, out string reason)
    {
        reason = string.Join(' ', exception.Message.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is AmazonUnmarshallingException)
            {
                reason = "an answer is not understood";
                return false;
            }

            if (inner is AmazonServiceException { ErrorCode.Length: > 0 } answer && inner != exception)
            {
                reason = $"{reason}: {answer.ErrorCode}, {answer.Message}";
            }
        }

        return true;
    }

    private static AWSCredentials Snapshot(ImmutableCredentials keys) =>
        keys.UseToken ? new SessionAWSCredentials(keys.AccessKey, keys.SecretKey, keys.Token) : new BasicAWSCredentials(keys.AccessKey, keys.SecretKey);
}
