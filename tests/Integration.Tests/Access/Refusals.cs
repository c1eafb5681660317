using Amazon.S3.Model;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Access;

/// <summary>What a server refuses: the message says which bucket, who we are and what to do, and never a secret.</summary>
public sealed class Refusals(S3Servers servers) : IDisposable
{
    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();

    public void Dispose() => _local.Dispose();

    [Fact]
    public async Task ABucketThatIsMadeLaterGetsEverything()
    {
        S3Server server = await servers.SharedAsync();
        await using Bucket bucket = new(server, $"test-{Guid.NewGuid():N}");
        JournalOptions options = bucket.Options(_local);
        options.OnFailure(_failures.Add);
        await using Journal journal = Journal.Open(options);
        Traffic.Append(journal.GetStream("orders"), writer: 0, first: 0, count: 100);
        await _failures.WaitForOneAsync();

        await bucket.Client.PutBucketAsync(new PutBucketRequest { BucketName = bucket.Name });
        await journal.FlushAsync(Limit.Token());

        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: 100);
        AssertMessage(bucket, server, "no bucket", "Make it");
    }

    [Fact]
    public async Task AnUnknownAccessKeyIsNamed()
    {
        S3Server server = await servers.SharedAsync();
        await using Bucket bucket = await server.CreateBucketAsync();

        await RefuseAsync(bucket, o => o.S3.AccessKeyId = "nobodyskey");

        AssertMessage(bucket, server, "nobodyskey", "does not know the access key");
    }

    [Fact]
    public async Task AWrongSecretIsNotTold()
    {
        S3Server server = await servers.SharedAsync();
        await using Bucket bucket = await server.CreateBucketAsync();

        await RefuseAsync(bucket, o => o.S3.SecretAccessKey = "wrong-secret");

        AssertMessage(bucket, server, server.AccessKey, "secret key");
        Assert.All(_failures.Items, f => Assert.DoesNotContain("wrong-secret", f.ToString(), StringComparison.Ordinal));
    }

    /// <summary>A journal with these options meets its refusal, and keeps what it has.</summary>
    private async Task RefuseAsync(Bucket bucket, Action<JournalOptions> spoil)
    {
        JournalOptions options = bucket.Options(_local);
        options.OnFailure(_failures.Add);
        spoil(options);
        await using (Journal journal = Journal.Open(options))
        {
            Traffic.Append(journal.GetStream("orders"), writer: 0, first: 0, count: 100);
            await _failures.WaitForOneAsync();
            Assert.Equal(100, journal.GetStats().BacklogEntries);
        }

        // With what is right, the next run delivers it.
        await using (Journal journal = Journal.Open(bucket.Options(_local)))
        {
            await journal.FlushAsync(Limit.Token());
        }

        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: 100);
    }

    private void AssertMessage(Bucket bucket, S3Server server, params string[] parts)
    {
        JournalFailure failure = Assert.Single(_failures.Items, f => f.Kind == JournalFailureKind.Temporary);
        Assert.StartsWith($"s3://{bucket.Name}/logs ", failure.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, failure.Message, StringComparison.OrdinalIgnoreCase));
        Assert.All(_failures.Items, f => Assert.DoesNotContain(server.SecretKey, f.ToString(), StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(failure.Message);
    }
}
