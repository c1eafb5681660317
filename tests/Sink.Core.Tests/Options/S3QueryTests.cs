using System.Reflection;
using Sink.Core.Delivery.S3;
using Sink.Core.Options;

namespace Sink.Core.Tests.Options;

public class S3QueryTests
{
    /// <summary>A destination is logged and passed on, which is no place for these; and pairs have no form there.</summary>
    private static readonly string[] _notInQuery =
    [
        nameof(S3Options.AccessKeyId), nameof(S3Options.SecretAccessKey), nameof(S3Options.SessionToken), nameof(S3Options.ExternalId),
        nameof(S3Options.WebIdentityTokenFile), nameof(S3Options.Tags), nameof(S3Options.Metadata),
    ];

    private readonly FakeHostEnvironment _environment = new();

    [Fact]
    public void EveryOptionThatHoldsNoSecretMayStandInTheQuery()
    {
        Dictionary<string, string> values = new()
        {
            ["Region"] = "eu-west-1",
            ["Endpoint"] = "http://localhost:9000/",
            ["ForcePathStyle"] = "False",
            ["Profile"] = "billing",
            ["RoleArn"] = "arn:aws:iam::123456789012:role/logs",
            ["RoleSessionName"] = "web",
            ["ConnectTimeout"] = "00:00:03",
            ["RequestTimeout"] = "00:00:30",
            ["ServerSideEncryption"] = "aws:kms",
            ["KmsKeyId"] = "alias/logs",
            ["BucketKey"] = "True",
            ["StorageClass"] = "STANDARD_IA",
            ["CannedAcl"] = "private",
            ["ExpectedBucketOwner"] = "123456789012",
            ["RequestChecksum"] = "Always",
            ["MultipartThresholdBytes"] = "10000000",
            ["MultipartPartBytes"] = "6000000",
        };
        Assert.Equal(typeof(S3Options).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name).Except(_notInQuery).Order(), values.Keys.Order());

        S3Settings settings = Read("s3://logs?" + string.Join('&', values.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")));

        Dictionary<string, string> read = settings.Compared().ToDictionary(pair => pair.Name, pair => pair.Value);
        Assert.All(values, pair => Assert.Equal(pair.Value, read["S3." + pair.Key]));
    }

    [Fact]
    public void TheOptionsThemselvesStayAsTheyAre()
    {
        S3Options options = new();
        Assert.Equal("eu-west-1", Read("s3://logs?region=eu-west-1", options).Region);
        Assert.Null(options.Region);
    }

    [Fact]
    public void TheSameInBothIsNoMistake()
    {
        S3Settings settings = Read("s3://logs?region=eu-west-1&requestTimeout=00:00:30", new S3Options { Region = "eu-west-1", RequestTimeout = TimeSpan.FromSeconds(30) });
        Assert.Equal("eu-west-1", settings.Region);
    }

    [Fact]
    public void DifferentValuesInBothAreMistakes()
    {
        S3Options options = new() { Region = "eu-west-1", ForcePathStyle = true, RequestTimeout = TimeSpan.FromSeconds(30) };

        string message = Refused("s3://logs?region=eu-west-2&forcePathStyle=false&requestTimeout=00:00:31", options);

        Assert.Contains("- S3.Region: is given together with region in Destination, and is another", message);
        Assert.Contains("- S3.ForcePathStyle: is given", message);
        Assert.Contains("- S3.RequestTimeout: is given", message);
    }

    [Fact]
    public void WhatTheQueryHoldsIsCheckedAsTheOptionsAre()
    {
        string message = Refused("s3://logs?region=eu%20west&endpoint=http://user:hidden@host&requestTimeout=30.00:00:00&cannedAcl=all", new S3Options());

        Assert.Contains("- S3.Region: is not a region's name", message);
        Assert.Contains("- S3.Endpoint: is not a server's address", message);
        Assert.Contains("- S3.RequestTimeout: is 30.00:00:00", message);
        Assert.Contains("- S3.CannedAcl: is not known", message);
        Assert.DoesNotContain("hidden", message);
    }

    [Fact]
    public void AClientThatAProgramHasAnywayIsNotUsedWhereTheQueryNamesTheServer()
    {
        Assert.False(new JournalOptions { Destination = "s3://logs?region=eu-west-1" }.TryUseS3Client(() => throw new InvalidOperationException()));
        bool isAsked = false;
        new JournalOptions { Destination = "s3://logs?storageClass=STANDARD_IA" }.TryUseS3Client(() =>
        {
            isAsked = true;
            return null;
        });
        Assert.True(isAsked);
    }

    private S3Settings Read(string destination, S3Options? options = null) =>
        JournalSettings.From(new JournalOptions { Destination = destination, S3 = options ?? new S3Options() }, _environment, _ => true).S3!;

    private string Refused(string destination, S3Options options) => Assert.Throws<JournalException>(() => Read(destination, options)).Message;
}
