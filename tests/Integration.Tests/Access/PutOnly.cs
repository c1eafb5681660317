using Amazon.S3.Model;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Access;

/// <summary>A user whom the bucket's policy allows s3:PutObject and nothing else.</summary>
public sealed class PutOnly(S3Servers servers) : IAsyncLifetime
{
    private readonly string _name = $"putter-{Guid.NewGuid():N}";
    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();
    private Radosgw _server = null!;
    private Bucket _bucket = null!;
    private S3Server _user = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await servers.GatewayAsync();
        _bucket = await _server.CreateBucketAsync();
        _user = await _server.AddUserAsync(_name);
    }

    public async ValueTask DisposeAsync()
    {
        _local.Dispose();
        if (_bucket is not null)
        {
            await _bucket.DisposeAsync();
        }
    }

    [Fact]
    public async Task EverythingIsDelivered()
    {
        await AllowPutAsync();

        await RunAsync(_server.Endpoint, streams: 5);

        Assert.Empty(_failures.Items);
        Traffic.AssertExactlyOnce(await _bucket.ReadAsync(), writers: 5, each: 100);
    }

    [Fact]
    public async Task APutThatLandedUnheardIsTakenForDoneAndSaidSoOnce()
    {
        await AllowPutAsync();
        using S3Proxy proxy = new(_server.Endpoint, r => r.Method == "PUT" && r.Number <= 4 ? RequestFate.Unanswered : RequestFate.Passed);

        await RunAsync(proxy.Endpoint, streams: 5);

        Traffic.AssertExactlyOnce(await _bucket.ReadAsync(), writers: 5, each: 100);
        Assert.Single(_failures.Items, f => f.Message.Contains("does not let us see", StringComparison.Ordinal));
        Assert.All(_failures.Items, f => Assert.Equal(JournalFailureKind.Temporary, f.Kind));
    }

    [Fact]
    public async Task ALargeObjectIsDeliveredInPartsAlsoAfterATryThatCannotBeCleanedUp()
    {
        await AllowPutAsync();
        using S3Proxy proxy = new(_server.Endpoint, r => r is { Method: "PUT", Number: 2 } ? RequestFate.Refused(503, "SlowDown") : RequestFate.Passed);
        JournalOptions options = Options(proxy.Endpoint);
        options.MaxObjectAge = TimeSpan.FromMinutes(10);
        options.S3.MultipartThresholdBytes = 5 << 20;
        options.S3.MultipartPartBytes = 5 << 20;
        await using (Journal journal = Journal.Open(options))
        {
            Traffic.Append(journal.GetStream("s0"), writer: 0, first: 0, count: 24, fillBytes: 512 << 10);
            await journal.FlushAsync(Limit.Token());
        }

        Traffic.AssertExactlyOnce(await _bucket.ReadAsync(), writers: 1, each: 24);
        Assert.All(_failures.Items, f => Assert.Equal(JournalFailureKind.Temporary, f.Kind));
        Assert.InRange(proxy.Puts, 4, 10);
    }

    [Fact]
    public async Task WithoutThePermissionAllWaitsUntilItIsGiven()
    {
        JournalOptions options = Options(_server.Endpoint);
        await using Journal journal = Journal.Open(options);
        Traffic.Append(journal.GetStream("s0"), writer: 0, first: 0, count: 100);
        await _failures.WaitForOneAsync();

        await AllowPutAsync();
        await journal.FlushAsync(Limit.Token());

        string message = Assert.Single(_failures.Items).Message;
        Assert.Contains($"s3://{_bucket.Name}/logs", message, StringComparison.Ordinal);
        Assert.Contains(_user.AccessKey, message, StringComparison.Ordinal);
        Assert.Contains("s3:PutObject", message, StringComparison.Ordinal);
        Assert.DoesNotContain(_user.SecretKey, Assert.Single(_failures.Items).ToString(), StringComparison.Ordinal);
        Traffic.AssertExactlyOnce(await _bucket.ReadAsync(), writers: 1, each: 100);
    }

    private async Task RunAsync(string endpoint, int streams)
    {
        await using Journal journal = Journal.Open(Options(endpoint));
        for (int writer = 0; writer < streams; writer++)
        {
            Traffic.Append(journal.GetStream($"s{writer}"), writer, first: 0, count: 100);
        }

        await journal.FlushAsync(Limit.Token());
    }

    private JournalOptions Options(string endpoint)
    {
        JournalOptions options = _bucket.Options(_local, endpoint);
        options.S3.AccessKeyId = _user.AccessKey;
        options.S3.SecretAccessKey = _user.SecretKey;
        options.OnFailure(_failures.Add);
        return options;
    }

    /// <summary>What a user puts is that user's own, to read too, and not the bucket owner's: the policy turns both about.</summary>
    private Task AllowPutAsync() => _bucket.Client.PutBucketPolicyAsync(new PutBucketPolicyRequest
    {
        BucketName = _bucket.Name,
        Policy = $$"""
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Principal": { "AWS": ["arn:aws:iam:::user/{{_name}}"] },
                  "Action": "s3:PutObject",
                  "Resource": "arn:aws:s3:::{{_bucket.Name}}/*"
                },
                {
                  "Effect": "Deny",
                  "Principal": { "AWS": ["arn:aws:iam:::user/{{_name}}"] },
                  "Action": "s3:GetObject",
                  "Resource": "arn:aws:s3:::{{_bucket.Name}}/*"
                },
                {
                  "Effect": "Allow",
                  "Principal": { "AWS": ["arn:aws:iam:::user/test"] },
                  "Action": "s3:GetObject",
                  "Resource": "arn:aws:s3:::{{_bucket.Name}}/*"
                }
              ]
            }
            """,
    });
}
