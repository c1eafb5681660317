using Amazon.Runtime;
using Amazon.S3;
using Sink.Core.Delivery.S3;
using Sink.Core.Options;

namespace Sink.Core.Tests.Options;

public class S3SettingsTests
{
    private readonly FakeHostEnvironment _environment = new();

    [Fact]
    public void OnlyTheBucketIsNeeded()
    {
        S3Settings settings = Read(new JournalOptions { Destination = "s3://logs/app/eu" });

        Assert.Equal(("logs", "app/eu"), (settings.Bucket, settings.Prefix));
        Assert.Null(settings.Region);
        Assert.Null(settings.Endpoint);
        Assert.False(settings.ForcePathStyle);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.ConnectTimeout);
        Assert.Equal(TimeSpan.FromSeconds(60), settings.RequestTimeout);
    }

    [Fact]
    public void ADirectoryHasNone() =>
        Assert.Null(JournalSettings.From(new JournalOptions { Destination = "file:///objects" }, _environment, _ => true).S3);

    [Fact]
    public void WithAnEndpointTheBucketStandsInThePathUnlessToldOtherwise()
    {
        Assert.True(Read(new JournalOptions { Destination = "s3://logs", S3 = { Endpoint = "http://localhost:9000" } }).ForcePathStyle);
        Assert.False(Read(new JournalOptions { Destination = "s3://logs", S3 = { Endpoint = "http://localhost:9000", ForcePathStyle = false } }).ForcePathStyle);
    }

    [Fact]
    public void TheEndpointIsTakenFromTheSdksVariables()
    {
        _environment.Variables["AWS_ENDPOINT_URL"] = "http://all:1";
        Assert.Equal("http://all:1/", Read(new JournalOptions { Destination = "s3://logs" }).Endpoint!.ToString());

        _environment.Variables["AWS_ENDPOINT_URL_S3"] = "http://s3:2";
        Assert.Equal("http://s3:2/", Read(new JournalOptions { Destination = "s3://logs" }).Endpoint!.ToString());
        Assert.Equal("http://own:3/", Read(new JournalOptions { Destination = "s3://logs", S3 = { Endpoint = "http://own:3" } }).Endpoint!.ToString());

        _environment.Variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "TRUE";
        Assert.Null(Read(new JournalOptions { Destination = "s3://logs" }).Endpoint);
    }

    [Theory]
    [InlineData("localhost:9000")]
    [InlineData("ftp://localhost")]
    [InlineData("http://user:secret@localhost")]
    [InlineData("http://localhost/bucket")]
    [InlineData("http://localhost?secret")]
    public void AnEndpointIsAServersAddress(string endpoint)
    {
        JournalException exception = Refused(new JournalOptions { Destination = "s3://logs", S3 = { Endpoint = endpoint } });
        Assert.Contains("- S3.Endpoint: is not a server's address", exception.Message);
        Assert.DoesNotContain("secret", exception.Message);
    }

    [Fact]
    public void EveryMistakeStandsInOneMessage()
    {
        JournalOptions options = new()
        {
            Destination = "s3://logs",
            S3 = { Region = "eu west", ConnectTimeout = TimeSpan.Zero, RequestTimeout = TimeSpan.FromDays(30) },
        };
        using AmazonS3Client client = new(new AnonymousAWSCredentials(), new AmazonS3Config { ServiceURL = "http://localhost" });
        options.UseS3Client(client);
        options.UseCredentials(new AnonymousAWSCredentials());

        string message = Refused(options).Message;
        Assert.Contains("- S3.Region: is not a region's name", message);
        Assert.Contains("- S3.ConnectTimeout: is 00:00:00; write 00:00:00.100 to 00:05:00", message);
        Assert.Contains("\"30\" in JSON means 30 days", message);
        Assert.Contains("- UseCredentials: is given together with UseS3Client", message);
    }

    [Fact]
    public void CredentialsOfYourOwnAndARoleAreAMistake()
    {
        JournalOptions options = new() { Destination = "s3://logs", S3 = { RoleArn = "arn:aws:iam::123456789012:role/logs" } };
        options.UseCredentials(new AnonymousAWSCredentials());
        Assert.Contains("- UseCredentials: is given together with keys, a profile or a role", Refused(options).Message);
    }

    [Fact]
    public void TwoFrontEndsMustReachTheBucketInTheSameWay()
    {
        JournalSettings one = Settings(new JournalOptions { Destination = "s3://logs", S3 = { Region = "eu-west-1", AccessKeyId = "A", SecretAccessKey = "secret one" } });
        JournalSettings other = Settings(new JournalOptions { Destination = "s3://logs", S3 = { Region = "eu-west-2", AccessKeyId = "B", SecretAccessKey = "secret two" } });

        Assert.Equal(["S3.Region: eu-west-1 and eu-west-2", "S3.AccessKeyId: A and B"], one.DifferencesFrom(other));
    }

    [Fact]
    public void NoSettingIsForgottenInTheComparison()
    {
        string[] notCompared = ["Bucket", "Prefix", "SecretAccessKey", "SessionToken", "Client", "Credentials", "BeginRequest"];
        IEnumerable<string> compared = new S3Settings { Bucket = "b", Prefix = "" }.Compared().Select(pair => pair.Name);
        IEnumerable<string> all = typeof(S3Settings).GetProperties().Select(p => p.Name).Except(notCompared).Select(name => "S3." + name);
        Assert.Equal(all.Concat(["UseS3Client", "UseCredentials"]).Order(), compared.Order());
    }

    private JournalSettings Settings(JournalOptions options) => JournalSettings.From(options, _environment, _ => true);

    private S3Settings Read(JournalOptions options) => Settings(options).S3!;

    private JournalException Refused(JournalOptions options) => Assert.Throws<JournalException>(() => Settings(options));
}
