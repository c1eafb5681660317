using Amazon.Runtime;
using Amazon.S3;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Credentials;

/// <summary>
/// A journal whose credentials are missing, wrong or expired waits, says so once, and goes on by itself when they are
/// put right. The gateway takes any session token with its user's keys; the proxy refuses those that a test says have expired.
/// </summary>
[Collection(AwsEnvironmentCollection.Name)]
public sealed class CredentialsDeliveryTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>, IAsyncLifetime
{
    private const string Role = "arn:aws:iam::123456789012:role/journal";
    private const int Each = 20;

    private readonly AwsEnvironment _environment = new();
    private readonly StsStandIn _sts = new();
    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();
    private Radosgw _server = null!;
    private Bucket _bucket = null!;
    private S3Proxy _proxy = null!;
    private int _appended;
    private volatile string? _valid = "token 1";

    public async ValueTask InitializeAsync()
    {
        _environment.Set("AWS_ENDPOINT_URL_STS", _sts.Endpoint);
        _server = await gateway.GetAsync();
        _bucket = await _server.CreateBucketAsync();
        _proxy = new S3Proxy(_server.Endpoint, request => request.Token == _valid ? RequestFate.Passed : RequestFate.Refused(400, "ExpiredToken"));
    }

    public async ValueTask DisposeAsync()
    {
        _proxy?.Dispose();
        _sts.Dispose();
        if (_bucket is not null)
        {
            await _bucket.DisposeAsync();
        }

        _local.Dispose();
        _environment.Dispose();
    }

    [Fact]
    public async Task SessionKeysDeliver()
    {
        JournalOptions options = Options();
        options.S3.AccessKeyId = _server.AccessKey;
        options.S3.SecretAccessKey = _server.SecretKey;
        options.S3.SessionToken = _valid;
        await using Journal journal = Journal.Open(options);

        await DeliverAsync(journal);

        Assert.Empty(_failures.Items);
    }

    [Fact]
    public async Task ARoleByKeysDelivers()
    {
        _sts.Answer = _ => Keys("token 1");
        JournalOptions options = Options();
        options.S3.AccessKeyId = "AKIA1";
        options.S3.SecretAccessKey = "secret of STS's user";
        options.S3.RoleArn = Role;
        await using Journal journal = Journal.Open(options);

        await DeliverAsync(journal);

        Assert.Equal("AKIA1", Assert.Single(_sts.Requests.Items).KeyId);
        Assert.Empty(_failures.Items);
    }

    [Fact]
    public async Task WebIdentityDeliversAndGoesOnWhenTokenAndKeysAreRotated()
    {
        _environment.WriteToken("identity 1");
        _sts.Answer = request => Keys(request["WebIdentityToken"] == "identity 1" ? "token 1" : "token 2");
        await using Journal journal = Journal.Open(WebIdentity());
        await DeliverAsync(journal);
        Assert.Equal(["identity 1"], _sts.Requests.Items.Select(request => request["WebIdentityToken"]));

        _environment.WriteToken("identity 2");
        _valid = "token 2";
        await DeliverAsync(journal);

        Assert.Equal("identity 2", _sts.Requests.Items[^1]["WebIdentityToken"]);
        Assert.InRange(_sts.Requests.Items.Length, 2, 5);
        Assert.Single(_failures.Items);
    }

    [Fact]
    public async Task ATokenThatS3FindsExpiredIsReportedOnceUntilItIsRenewed()
    {
        _environment.WriteToken("identity");
        _valid = "token 2";
        _sts.Answer = _ => Keys("token 1");
        await using Journal journal = Journal.Open(WebIdentity());
        Append(journal);
        await _proxy.Requests.WaitAsync(requests => requests.Count >= 3);

        _sts.Answer = _ => Keys("token 2");
        await AssertDeliveredAsync(journal);

        JournalFailure failure = Assert.Single(_failures.Items);
        Assert.Equal(JournalFailureKind.Temporary, failure.Kind);
        AssertTells(failure, _bucket.Name, Role, _environment.TokenFile, "expired", "Renew");
        Assert.InRange(_sts.Requests.Items.Length, 2, _proxy.Puts);
    }

    [Fact]
    public async Task ATokenThatStsFindsExpiredIsReportedOnceUntilItIsRenewed()
    {
        _environment.WriteToken("old identity");
        _sts.Answer = request => request["WebIdentityToken"] == "old identity"
            ? StsAnswer.Error(400, "ExpiredTokenException", "Token expired: current date/time must be before the expiration date/time")
            : Keys("token 1");
        await using Journal journal = Journal.Open(WebIdentity());
        Append(journal);
        await _sts.Requests.WaitAsync(requests => requests.Count >= 3);

        _environment.WriteToken("new identity");
        await AssertDeliveredAsync(journal);

        JournalFailure failure = Assert.Single(_failures.Items);
        Assert.Equal(JournalFailureKind.Temporary, failure.Kind);
        AssertTells(failure, _bucket.Name, Role, "ExpiredTokenException", $"Renew the token in {_environment.TokenFile}.");
        Assert.Equal(_proxy.Puts, _proxy.Requests.Items.Count(request => request.Token == _valid));
    }

    [Fact]
    public async Task AnStsThatComesBackIsEnough()
    {
        _environment.WriteToken("identity");
        _sts.Answer = _ => StsAnswer.Error(503, "ServiceUnavailable", "Later.");
        await using Journal journal = Journal.Open(WebIdentity());
        Append(journal);
        await _failures.WaitForOneAsync();

        _sts.Answer = _ => Keys("token 1");
        await AssertDeliveredAsync(journal);

        AssertTells(Assert.Single(_failures.Items), _bucket.Name, Role, "ServiceUnavailable");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("billing")]
    public async Task WithoutCredentialsTheJournalOpensAndDeliversWhenTheyAppear(string? profile)
    {
        _valid = null;
        JournalOptions options = Options();
        options.S3.Profile = profile;
        await using Journal journal = Journal.Open(options);
        Append(journal);
        await _failures.WaitForOneAsync();
        Assert.Empty(_proxy.Requests.Items);

        _environment.WriteProfile(profile ?? "default", _server.AccessKey, _server.SecretKey);
        await AssertDeliveredAsync(journal);

        AssertTells(Assert.Single(_failures.Items), _bucket.Name, profile ?? "default chain", profile is null ? "AWS_ACCESS_KEY_ID" : "Correct the profile");
    }

    // Straight to the gateway, and small: it must read the body of a put that it refuses.
    [Fact]
    public async Task AWrongSecretInAFileIsReportedOnceAndReplacedWhileRunning()
    {
        _environment.WriteProfile("billing", _server.AccessKey, "not the secret");
        JournalOptions options = Options();
        options.S3.Endpoint = _server.Endpoint;
        options.S3.Profile = "billing";
        await using Journal journal = Journal.Open(options);
        Append(journal);
        await _failures.WaitForOneAsync();

        _environment.WriteProfile("billing", _server.AccessKey, _server.SecretKey);
        await AssertDeliveredAsync(journal);

        JournalFailure failure = Assert.Single(_failures.Items);
        AssertTells(failure, _bucket.Name, _server.AccessKey, "profile \"billing\"", "secret key");
        Assert.DoesNotContain("not the secret", failure.ToString());
    }

    // As a mounted Kubernetes secret changes: behind a link, so that no watcher of the file hears of it.
    [Fact]
    public async Task KeysWithoutTheRightAreReplacedWhileRunning()
    {
        S3Server poor = await _server.AddUserAsync("poor");
        string secret = _environment.CredentialsFile + "-1";
        _environment.WriteProfile("default", poor.AccessKey, poor.SecretKey);
        File.Move(_environment.CredentialsFile, secret);
        File.CreateSymbolicLink(_environment.CredentialsFile, secret);
        JournalOptions options = Options();
        options.S3.Endpoint = _server.Endpoint;
        await using Journal journal = Journal.Open(options);
        Append(journal);
        await _failures.WaitForOneAsync();

        File.WriteAllText(secret, File.ReadAllText(secret).Replace(poor.AccessKey, _server.AccessKey).Replace(poor.SecretKey, _server.SecretKey));
        await AssertDeliveredAsync(journal);

        AssertTells(Assert.Single(_failures.Items), _bucket.Name, poor.AccessKey, "denied", "s3:PutObject");
    }

    [Fact]
    public async Task AUsersOwnCredentialsAndClientDeliver()
    {
        _valid = "own";
        JournalOptions options = Options();
        options.UseCredentials(new SessionAWSCredentials(_server.AccessKey, _server.SecretKey, "own"));
        await using (Journal journal = Journal.Open(options))
        {
            await DeliverAsync(journal);
        }

        using AmazonS3Client client = _server.CreateClient();
        JournalOptions withClient = Options();
        withClient.UseS3Client(client);
        await using (Journal journal = Journal.Open(withClient))
        {
            await DeliverAsync(journal);
        }

        Assert.Empty(_failures.Items);
    }

    [Fact]
    public async Task WithoutARegionTheJournalOpensWaitsAndSaysSo()
    {
        JournalOptions options = Options();
        options.S3.Endpoint = null;
        options.S3.Region = null;
        options.ShutdownTimeout = TimeSpan.Zero;
        await using Journal journal = Journal.Open(options);
        Append(journal);

        await _failures.WaitForOneAsync();

        AssertTells(_failures.Items[0], _bucket.Name, "region", "AWS_REGION");
    }

    private JournalOptions Options()
    {
        JournalOptions options = _bucket.Options(_local, _proxy.Endpoint);
        options.S3.AccessKeyId = null;
        options.S3.SecretAccessKey = null;
        options.OnFailure(_failures.Add);
        return options;
    }

    private JournalOptions WebIdentity()
    {
        JournalOptions options = Options();
        options.S3.RoleArn = Role;
        options.S3.WebIdentityTokenFile = _environment.TokenFile;
        return options;
    }

    private StsAnswer Keys(string token) => StsAnswer.Keys(_server.AccessKey, _server.SecretKey, token);

    private async Task DeliverAsync(Journal journal)
    {
        Append(journal);
        await AssertDeliveredAsync(journal);
    }

    private void Append(Journal journal)
    {
        Traffic.Append(journal.GetStream("app"), 0, _appended, Each);
        _appended += Each;
    }

    private async Task AssertDeliveredAsync(Journal journal)
    {
        await journal.FlushAsync(Limit.Token());
        Traffic.AssertExactlyOnce(await _bucket.ReadAsync(), writers: 1, each: _appended);
    }

    private void AssertTells(JournalFailure failure, params string[] words)
    {
        Assert.All(words, word => Assert.Contains(word, failure.Message));
        Assert.DoesNotContain(_server.SecretKey, failure.ToString());
        Assert.DoesNotContain("identity\"", failure.ToString());
    }
}
