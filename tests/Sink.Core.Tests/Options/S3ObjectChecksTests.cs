using Sink.Core.Options;

namespace Sink.Core.Tests.Options;

public class S3ObjectChecksTests
{
    private const string Kms = "aws:kms";

    public static TheoryData<string, S3Options> Sound => new()
    {
        { "nothing", new S3Options() },
        { "SSE-S3", new S3Options { ServerSideEncryption = "aes256" } },
        { "SSE-KMS with the account's key", new S3Options { ServerSideEncryption = Kms, BucketKey = true } },
        { "SSE-KMS", new S3Options { ServerSideEncryption = Kms, KmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd", BucketKey = false } },
        { "two layers", new S3Options { ServerSideEncryption = "aws:kms:dsse", KmsKeyId = "alias/logs" } },
        { "a class of one's own", new S3Options { StorageClass = "cold_hdd" } },
        { "an ACL", new S3Options { CannedAcl = "bucket-owner-full-control" } },
        { "an owner", new S3Options { ExpectedBucketOwner = "012345678901" } },
        { "ten tags", new S3Options { Tags = Enumerable.Range(0, 10).ToDictionary(n => $"größe {n}+-=._:/@", _ => "") } },
        { "the longest tag", new S3Options { Tags = { [new string('n', 128)] = new string('v', 256) } } },
        { "metadata", new S3Options { Metadata = { ["Team"] = "shop & co", ["cost_center.1-2"] = "~" } } },
        { "the most metadata", new S3Options { Metadata = { ["a"] = new string('v', 100), ["b"] = new string('v', 105) } } },
        { "the smallest parts", new S3Options { MultipartThresholdBytes = 5 << 20, MultipartPartBytes = 5 << 20 } },
        { "pairs that a program set to null", new S3Options { Tags = null!, Metadata = null! } },
    };

    public static TheoryData<string, S3Options> Mistaken => new()
    {
        { "S3.ServerSideEncryption: is not known; write one of AES256, aws:kms, aws:kms:dsse", new S3Options { ServerSideEncryption = "kms" } },
        { "S3.KmsKeyId: is only for SSE-KMS", new S3Options { KmsKeyId = "alias/logs" } },
        { "S3.KmsKeyId: is only for SSE-KMS", new S3Options { ServerSideEncryption = "AES256", KmsKeyId = "alias/logs" } },
        { "S3.KmsKeyId: is not the name of a key", new S3Options { ServerSideEncryption = Kms, KmsKeyId = "my key" } },
        { "S3.KmsKeyId: is not the name of a key", new S3Options { ServerSideEncryption = Kms, KmsKeyId = "" } },
        { "S3.BucketKey: is only for SSE-KMS", new S3Options { BucketKey = true } },
        { "S3.BucketKey: is only for SSE-KMS", new S3Options { ServerSideEncryption = "aws:kms:dsse", BucketKey = true } },
        { "S3.StorageClass: is not a storage class", new S3Options { StorageClass = "Standard IA" } },
        { "S3.StorageClass: is not a storage class", new S3Options { StorageClass = "" } },
        { "S3.CannedAcl: is not known; write one of private, ", new S3Options { CannedAcl = "BucketOwnerFullControl" } },
        { "S3.ExpectedBucketOwner: is not an account's id; write its 12 digits", new S3Options { ExpectedBucketOwner = "1234-5678-9012" } },
        { "S3.Tags: has 11 tags; write at most 10", new S3Options { Tags = Enumerable.Range(0, 11).ToDictionary(n => $"t{n}", _ => "") } },
        { "S3.Tags: has the name \"a&b\"", new S3Options { Tags = { ["a&b"] = "" } } },
        { "S3.Tags: has the name \"\"", new S3Options { Tags = { [""] = "v" } } },
        { "S3.Tags: has the name \"aws:x\"; those that begin with aws:", new S3Options { Tags = { ["aws:x"] = "v" } } },
        { "S3.Tags: has a value of \"team\"", new S3Options { Tags = { ["team"] = "a,b" } } },
        { "S3.Tags: has a value of \"team\"", new S3Options { Tags = { ["team"] = new string('v', 257) } } },
        { "S3.Tags: has a value of \"team\"", new S3Options { Tags = { ["team"] = null! } } },
        { "S3.Metadata: has the name \"datalake\", which is the journal's own", new S3Options { Metadata = { ["DataLake"] = "{}" } } },
        { "S3.Metadata: has the name \"x-amz-meta-team\"", new S3Options { Metadata = { ["x-amz-meta-team"] = "shop" } } },
        { "S3.Metadata: has the name \"größe\"", new S3Options { Metadata = { ["größe"] = "1" } } },
        { "S3.Metadata: has the name \"TEAM\" in two spellings", new S3Options { Metadata = new Dictionary<string, string> { ["team"] = "a", ["TEAM"] = "b" } } },
        { "S3.Metadata: has a value of \"team\"", new S3Options { Metadata = { ["team"] = "größe" } } },
        { "S3.Metadata: has a value of \"team\"", new S3Options { Metadata = { ["team"] = " a" } } },
        { "S3.Metadata: has a value of \"team\"", new S3Options { Metadata = { ["team"] = "a\r\nx: y" } } },
        { "S3.Metadata: has a value of \"team\"", new S3Options { Metadata = { ["team"] = "" } } },
        { "S3.Metadata: has 230 bytes in names and values, and 11 for each; write at most 229", new S3Options { Metadata = { ["a"] = new string('v', 100), ["b"] = new string('v', 106) } } },
        { "S3.RequestChecksum: is 7, which has no meaning", new S3Options { RequestChecksum = (S3RequestChecksum)7 } },
        { "S3.MultipartThresholdBytes: is 5,242,879; write 5,242,880 to 5,368,709,120", new S3Options { MultipartThresholdBytes = (5 << 20) - 1 } },
        { "S3.MultipartPartBytes: is 5,368,709,121", new S3Options { MultipartPartBytes = (5L << 30) + 1 } },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public void WhatServersTakeIsTaken(string what, S3Options options)
    {
        string[] mistakes = Mistakes(options);
        Assert.True(mistakes.Length == 0, $"{what}: {string.Concat(mistakes)}");
    }

    [Theory]
    [MemberData(nameof(Mistaken))]
    public void WhatNoServerTakesIsAMistake(string message, S3Options options) => Assert.StartsWith("- " + message, Assert.Single(Mistakes(options)));

    [Fact]
    public void AllMistakesAreListedAtOnce() =>
        Assert.Equal(4, Mistakes(new S3Options { KmsKeyId = "k", StorageClass = "", ExpectedBucketOwner = "me", Tags = { ["?"] = "" } }).Length);

    private static string[] Mistakes(S3Options options)
    {
        OptionChecks checks = new();
        S3ObjectChecks.Check(options, checks);
        try
        {
            checks.ThrowIfAny();
            return [];
        }
        catch (JournalException e)
        {
            return e.Message.Split(Environment.NewLine)[1..];
        }
    }
}
