using System.Diagnostics;
using Amazon.Runtime;
using Integration.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Sink.Core.Delivery.S3;

namespace Integration.Tests.Credentials;

/// <summary>Where keys come from, and when they are asked for again.</summary>
[Collection(AwsEnvironmentCollection.Name)]
public sealed class S3CredentialsTests : IDisposable
{
    private const string Role = "arn:aws:iam::123456789012:role/journal";

    private readonly AwsEnvironment _environment = new();
    private readonly StsStandIn _sts = new();
    private readonly S3HttpClients _http = new(TimeSpan.FromSeconds(5));
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public S3CredentialsTests()
    {
        _environment.Set("AWS_ENDPOINT_URL_STS", _sts.Endpoint);
    }

    public void Dispose()
    {
        _http.Dispose();
        _sts.Dispose();
        _environment.Dispose();
    }

    [Fact]
    public async Task GivenKeysAreTheKeys()
    {
        using S3Credentials keys = Open(new S3Settings { Bucket = "b", Prefix = "", AccessKeyId = "AKIA1", SecretAccessKey = "hidden" });
        using S3Credentials session = Open(new S3Settings { Bucket = "b", Prefix = "", AccessKeyId = "ASIA1", SecretAccessKey = "hidden", SessionToken = "hidden token" });

        Assert.Equal(("AKIA1", "hidden", ""), await ReadAsync(keys));
        Assert.Equal(("ASIA1", "hidden", "hidden token"), await ReadAsync(session));
        Assert.Equal("access key ASIA1", session.Identity);
    }

    [Fact]
    public async Task ARoleIsAssumedWithTheGivenKeys()
    {
        _sts.Answer = _ => StsAnswer.Keys("ASIA1", "secret", "token");
        using S3Credentials credentials = Open(new S3Settings
        {
            Bucket = "b",
            Prefix = "",
            Region = "eu-west-3",
            AccessKeyId = "AKIA1",
            SecretAccessKey = "hidden",
            RoleArn = Role,
            RoleSessionName = "web01",
            ExternalId = "external",
        });

        using Activity activity = new Activity("request").Start();
        Assert.Equal(("ASIA1", "secret", "token"), await ReadAsync(credentials));

        StsRequest asked = Assert.Single(_sts.Requests.Items);
        Assert.Equal(("AssumeRole", Role, "web01", "external"), (asked["Action"], asked["RoleArn"], asked["RoleSessionName"], asked["ExternalId"]));
        Assert.Equal(("AKIA1", "eu-west-3", false), (asked.KeyId, asked.Region, asked.IsTraced));
        Assert.Equal($"role {Role} by access key AKIA1", credentials.Identity);
    }

    [Fact]
    public async Task AWebIdentityTokenIsReadAnewForEachSession()
    {
        _sts.Answer = request => StsAnswer.Keys("ASIA1", "secret", "for " + request["WebIdentityToken"]);
        using S3Credentials credentials = Open(WebIdentity);
        S3CredentialsException missing = await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials));
        _environment.WriteToken("first");
        Assert.Equal("for first", (await ReadAsync(credentials)).Token);

        _environment.WriteToken("second");
        Assert.Equal("for first", (await ReadAsync(credentials)).Token);
        credentials.Forget();
        Assert.Equal("for second", (await ReadAsync(credentials)).Token);

        Assert.Contains(_environment.TokenFile, missing.Message);
        Assert.All(_sts.Requests.Items, asked => Assert.Equal(("AssumeRoleWithWebIdentity", null), (asked["Action"], asked.KeyId)));
    }

    [Fact]
    public async Task ASessionIsRenewedBeforeItsEndAndOutlivesAnStsThatIsAway()
    {
        _environment.WriteToken("token");
        _sts.Answer = _ => StsAnswer.Keys("ASIA1", "secret", "first", TimeSpan.FromMinutes(60));
        using S3Credentials credentials = Open(WebIdentity);
        await ReadAsync(credentials);

        _time.Advance(TimeSpan.FromMinutes(44));
        await ReadAsync(credentials);
        Assert.Single(_sts.Requests.Items);

        _sts.Answer = _ => StsAnswer.Error(503, "ServiceUnavailable", "Later.");
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("first", (await ReadAsync(credentials)).Token);
        int asked = _sts.Requests.Items.Length;
        Assert.Equal("first", (await ReadAsync(credentials)).Token);
        Assert.Equal(asked, _sts.Requests.Items.Length);

        _time.Advance(TimeSpan.FromMinutes(15));
        S3CredentialsException ended = await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials));
        Assert.Contains("ServiceUnavailable", ended.Message);

        _sts.Answer = _ => StsAnswer.Keys("ASIA2", "secret", "second");
        Assert.Equal("second", (await ReadAsync(credentials)).Token);
    }

    [Fact]
    public async Task AClockThatRunsAheadDoesNotAskAtEachRequest()
    {
        _environment.WriteToken("token");
        _sts.Answer = _ => StsAnswer.Keys("ASIA1", "secret", "token", TimeSpan.FromHours(-3));
        using S3Credentials credentials = Open(WebIdentity);

        for (int i = 0; i < 10; i++)
        {
            await ReadAsync(credentials);
        }

        Assert.Single(_sts.Requests.Items);
    }

    [Fact]
    public async Task RequestsAtATimeShareOneAnswer()
    {
        _environment.WriteToken("token");
        using ManualResetEventSlim all = new();
        _sts.Answer = _ =>
        {
            all.Wait(Limit.Time);
            return StsAnswer.Error(403, "AccessDenied", "Not yours.");
        };
        using S3Credentials credentials = Open(WebIdentity);

        Task[] requests = [.. Enumerable.Range(0, 8).Select(_ => (Task)ReadAsync(credentials))];
        all.Set();

        foreach (Task request in requests)
        {
            S3CredentialsException refused = await Assert.ThrowsAsync<S3CredentialsException>(() => request);
            Assert.Equal($"no keys from {credentials.Identity}: STS says AccessDenied: Not yours", refused.Message);
        }

        Assert.Single(_sts.Requests.Items);
    }

    [Fact]
    public async Task AnStsThatDoesNotAnswerIsNotWaitedForLong()
    {
        _environment.WriteToken("token");
        _sts.Answer = _ => StsAnswer.None;
        using S3Credentials credentials = Open(WebIdentityWithin(TimeSpan.FromSeconds(1)));

        S3CredentialsException silent = await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials).WaitAsync(Limit.Time));

        Assert.Contains("does not answer", silent.Message);
        Assert.Contains("AWS_ENDPOINT_URL_STS", silent.Cure);
    }

    [Theory]
    [InlineData("<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>hidden</SecretAccessKey><SessionToken>hidden</Sess")]
    [InlineData("<Credentials><SecretAccessKey>hidden</SecretAccessKey><SessionToken>hidden</SessionToken></Credentials>")]
    [InlineData("")]
    public async Task AnAnswerThatIsNotUnderstoodIsNotRepeated(string body)
    {
        _environment.WriteToken("hidden");
        _sts.Answer = _ => new StsAnswer(200, body);
        using S3Credentials credentials = Open(WebIdentity);

        S3CredentialsException exception = await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials));

        Assert.DoesNotContain("hidden", exception.ToString());
        Assert.Contains("STS", exception.Message);
    }

    [Fact]
    public async Task APodsRoleIsFoundInTheEnvironmentAndMayAssumeAnother()
    {
        _environment.WriteToken("token");
        _environment.Set("AWS_ROLE_ARN", Role);
        _environment.Set("AWS_WEB_IDENTITY_TOKEN_FILE", _environment.TokenFile);
        _environment.Set("AWS_REGION", "eu-central-2");
        _sts.Answer = request => request["Action"] == "AssumeRole" ? StsAnswer.Keys("ASIA2", "secret", "second") : StsAnswer.Keys("ASIA1", "secret", "first");
        using S3Credentials pod = Open(new S3Settings { Bucket = "b", Prefix = "" });
        using S3Credentials other = Open(new S3Settings { Bucket = "b", Prefix = "", RoleArn = Role + "2" });

        Assert.Equal("first", (await ReadAsync(pod)).Token);
        Assert.Equal("second", (await ReadAsync(other)).Token);

        Assert.Equal("ASIA1", _sts.Requests.Items.Single(request => request["Action"] == "AssumeRole").KeyId);
        Assert.Equal($"role {Role} by web identity {_environment.TokenFile}", pod.Identity);
        Assert.Equal($"role {Role}2 by role {Role} by web identity {_environment.TokenFile}", other.Identity);
    }

    [Fact]
    public async Task KeysThatAppearOrChangeInTheEnvironmentAreUsed()
    {
        using S3Credentials credentials = Open(new S3Settings { Bucket = "b", Prefix = "" });
        S3CredentialsException none = await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials));

        _environment.Set("AWS_ACCESS_KEY_ID", "AKIA1");
        _environment.Set("AWS_SECRET_ACCESS_KEY", "hidden");
        Assert.Equal("AKIA1", (await ReadAsync(credentials)).KeyId);
        _environment.Set("AWS_ACCESS_KEY_ID", "AKIA2");
        Assert.Equal("AKIA2", (await ReadAsync(credentials)).KeyId);

        Assert.StartsWith("no keys from the SDK's default chain: ", none.Message);
        Assert.DoesNotContain('\n', none.Message);
        Assert.Contains("AWS_ACCESS_KEY_ID", none.Cure);
        Assert.Equal("the SDK's default chain (access key AKIA2)", credentials.Identity);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("billing")]
    public async Task AProfileThatAppearsOrChangesIsUsed(string? profile)
    {
        using S3Credentials credentials = Open(new S3Settings { Bucket = "b", Prefix = "", Profile = profile });
        await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials));

        _environment.WriteProfile(profile ?? "default", "AKIA1", "hidden");
        Assert.Equal("AKIA1", (await ReadAsync(credentials)).KeyId);
        _environment.WriteProfile(profile ?? "default", "AKIA2", "hidden");
        credentials.Forget();
        Assert.Equal("AKIA2", (await ReadAsync(credentials)).KeyId);
    }

    // A mounted Kubernetes secret: the link above the file's folder is moved, and no watcher of the file hears of it.
    [Fact]
    public async Task AFileThatChangesBehindALinkIsReadAnewWhenItsKeysWereRefused()
    {
        string mount = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_environment.CredentialsFile)!, "mount")).FullName;
        string link = Path.Combine(mount, "..data");
        Fill("1", "AKIA1");
        Directory.CreateSymbolicLink(link, Path.Combine(mount, "1"));
        File.CreateSymbolicLink(Path.Combine(mount, "credentials"), Path.Combine(link, "credentials"));
        _environment.Set("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(mount, "credentials"));
        using S3Credentials credentials = Open(new S3Settings { Bucket = "b", Prefix = "", Profile = "billing" });
        Assert.Equal("AKIA1", (await ReadAsync(credentials)).KeyId);

        Fill("2", "AKIA2");
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, Path.Combine(mount, "2"));
        credentials.Forget();

        Assert.Equal("AKIA2", (await ReadAsync(credentials)).KeyId);

        void Fill(string folder, string keyId) =>
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(mount, folder)).FullName, "credentials"), $"[billing]\naws_access_key_id={keyId}\naws_secret_access_key=hidden\n");
    }

    [Fact]
    public async Task AProfilesRoleIsAssumedWithItsSourcesKeys()
    {
        File.WriteAllText(
            _environment.CredentialsFile,
            $"[base]\naws_access_key_id=AKIA1\naws_secret_access_key=hidden\n[billing]\nrole_arn={Role}\nsource_profile=base\nregion=eu-west-3\n");
        _sts.Answer = _ => StsAnswer.Keys("ASIA1", "secret", "token");
        using S3Credentials credentials = Open(new S3Settings { Bucket = "b", Prefix = "", Profile = "billing" });

        Assert.Equal("token", (await ReadAsync(credentials)).Token);

        Assert.Equal("AKIA1", Assert.Single(_sts.Requests.Items).KeyId);
        Assert.Equal("profile \"billing\" (access key ASIA1)", credentials.Identity);
        Assert.Equal("eu-west-3", S3Region.Find(new S3Settings { Bucket = "b", Prefix = "", Profile = "billing" }, askMachine: false)?.SystemName);
    }

    [Fact]
    public async Task AProfilesRoleThatIsRefusedTellsWhy()
    {
        File.WriteAllText(
            _environment.CredentialsFile,
            $"[base]\naws_access_key_id=AKIA1\naws_secret_access_key=hidden\n[billing]\nrole_arn={Role}\nsource_profile=base\n");
        _sts.Answer = _ => StsAnswer.Error(403, "AccessDenied", "Not yours.");
        using S3Credentials credentials = Open(new S3Settings { Bucket = "b", Prefix = "", Profile = "billing" });

        S3CredentialsException refused = await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials));
        _sts.Answer = _ => new StsAnswer(200, "<Credentials><SecretAccessKey>hidden</Secret");
        S3CredentialsException garbled = await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials));

        Assert.Equal($"no keys from profile \"billing\": Error calling AssumeRole for role {Role}: AccessDenied, Not yours", refused.Message);
        Assert.DoesNotContain("hidden", garbled.ToString());
    }

    [Fact]
    public async Task AUsersOwnCredentialsComeBeforeAllAndAreAskedEachTime()
    {
        CountingCredentials own = new();
        using S3Credentials credentials = Open(new S3Settings { Bucket = "b", Prefix = "", AccessKeyId = "AKIA1", SecretAccessKey = "hidden", Credentials = own });
        using S3Credentials anonymous = Open(new S3Settings { Bucket = "b", Prefix = "", Credentials = new AnonymousAWSCredentials() });

        Assert.Equal("OWN1", (await ReadAsync(credentials)).KeyId);
        Assert.Equal("OWN2", (await ReadAsync(credentials)).KeyId);

        Assert.Equal("the given credentials", credentials.Identity);
        Assert.IsType<AnonymousAWSCredentials>(await anonymous.FindAsync(CancellationToken.None));
    }

    [Fact]
    public async Task CredentialsThatHangAreGivenUpAndAskedAgain()
    {
        HangingOnceCredentials own = new();
        using S3Credentials credentials = Open(new S3Settings { Bucket = "b", Prefix = "", Credentials = own, RequestTimeout = TimeSpan.FromSeconds(1) });

        S3CredentialsException hung = await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials));
        Assert.Equal("OWN", (await ReadAsync(credentials)).KeyId);

        Assert.StartsWith("no keys from the given credentials within", hung.Message);
    }

    [Fact]
    public async Task ARoleWithoutKeysToAssumeItSaysWhichAreMissing()
    {
        using S3Credentials credentials = Open(new S3Settings { Bucket = "b", Prefix = "", RoleArn = Role });

        S3CredentialsException none = await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials));

        Assert.StartsWith($"no keys from role {Role} by the SDK's default chain: no keys from the SDK's default chain: ", none.Message);
        Assert.Contains("AWS_ACCESS_KEY_ID", none.Cure);
        Assert.Empty(_sts.Requests.Items);
    }

    [Fact]
    public async Task ARoleWhoseCallersKeysAreSlowDoesNotBlameSts()
    {
        File.WriteAllText(_environment.CredentialsFile, "[default]\ncredential_process = sleep 8\n");
        using S3Credentials credentials = Open(new S3Settings { Bucket = "b", Prefix = "", RoleArn = Role, RequestTimeout = TimeSpan.FromSeconds(2) });

        S3CredentialsException slow = await Assert.ThrowsAsync<S3CredentialsException>(() => ReadAsync(credentials));

        Assert.Contains("no keys from the SDK's default chain in time", slow.Message);
        Assert.DoesNotContain("STS does not answer", slow.Message);
        Assert.Contains("credential process", slow.Cure);
        Assert.Empty(_sts.Requests.Items);
    }

    private S3Settings WebIdentity => WebIdentityWithin(Limit.Time);

    private S3Settings WebIdentityWithin(TimeSpan timeout) => new()
    {
        Bucket = "b",
        Prefix = "",
        RoleArn = Role,
        WebIdentityTokenFile = _environment.TokenFile,
        RequestTimeout = timeout,
        Endpoint = new Uri("http://127.0.0.1:1"),
    };

    private S3Credentials Open(S3Settings settings) => new(settings, _http, _time);

    private static async Task<(string KeyId, string Secret, string Token)> ReadAsync(S3Credentials credentials)
    {
        ImmutableCredentials keys = (await credentials.FindAsync(CancellationToken.None)).GetCredentials();
        return (keys.AccessKey, keys.SecretKey, keys.Token);
    }

    private sealed class CountingCredentials : AWSCredentials
    {
        private int _count;

        public override ImmutableCredentials GetCredentials() => new($"OWN{++_count}", "hidden", null);
    }

    private sealed class HangingOnceCredentials : AWSCredentials
    {
        private bool _hung;

        public override Task<ImmutableCredentials> GetCredentialsAsync()
        {
            bool hang = !_hung;
            _hung = true;
            return hang ? new TaskCompletionSource<ImmutableCredentials>().Task : Task.FromResult(GetCredentials());
        }

        public override ImmutableCredentials GetCredentials() => new("OWN", "hidden", null);
    }
}
