using System.Security.Cryptography;
using Integration.Tests.Support;
using Sink.Core;
using Sink.Core.Delivery.S3;
using Sink.Core.Options;
using Sink.Core.Storage;

namespace Integration.Tests.Delivery;

/// <summary>What requests carry, for options that the server of the other tests does not know.</summary>
public sealed class OptionsOnTheWire : IDisposable
{
    private const int Part = 5 << 20;
    private const string Key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd";

    /// <summary>Of an empty object: the client checks it.</summary>
    private const string Tag = "ETag: \"d41d8cd98f00b204e9800998ecf8427e\"";

    private static readonly string[] _ofObjects =
    [
        "x-amz-server-side-encryption: aws:kms",
        $"x-amz-server-side-encryption-aws-kms-key-id: {Key}",
        "x-amz-server-side-encryption-bucket-key-enabled: true",
        "x-amz-storage-class: STANDARD_IA",
        "x-amz-acl: bucket-owner-full-control",
        "x-amz-tagging: cost%20center=4%2F7&team=gr%C3%B6%C3%9Fe",
        "x-amz-meta-team: shop & co",
        "x-amz-meta-datalake: {}",
        "content-type: text/plain",
    ];

    private readonly TestDirectory _local = new();
    private readonly ScriptedServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _local.Dispose();
    }

    [Fact]
    public async Task APutCarriesWhatObjectsAreStoredWith()
    {
        _server.Answer = _ => ScriptedServer.Reply(200, "", Tag);
        using S3Store store = Open(Everything());

        Assert.Equal(PutOutcome.Stored, (await PutAsync(store, 100)).Outcome);

        string head = Assert.Single(Heads());
        Assert.All(_ofObjects, header => Assert.Contains(header + "\n", head));
        Assert.Contains("x-amz-expected-bucket-owner: 123456789012\n", head);
    }

    [Fact]
    public async Task AnUploadInPartsCarriesItOnceAndEachRequestTheOwner()
    {
        _server.Answer = AnswerUpload;
        using S3Store store = Open(Everything());

        Assert.Equal(PutOutcome.Stored, (await PutAsync(store, (2 * Part) + 7)).Outcome);

        string[] heads = Heads();
        Assert.Equal(["HEAD", "POST", "GET", "PUT", "PUT", "PUT", "POST"], heads.Select(head => head.Split(' ')[0]));
        Assert.All(heads, head => Assert.Contains("x-amz-expected-bucket-owner: 123456789012\n", head));
        Assert.All(_ofObjects, header => Assert.Contains(header + "\n", heads[1]));
        Assert.All(heads[3..6], (head, n) => Assert.Contains($"content-md5: {Digest(n < 2 ? Part : 7)}\n", head));
        Assert.Contains("if-none-match: *\n", heads[6]);
        Assert.DoesNotContain("x-amz-checksum", string.Concat(heads));
    }

    [Fact]
    public async Task RequestsThatStoreNothingCarryTheOwnerToo()
    {
        _server.Answer = head => head.StartsWith("GET /bucket?", StringComparison.Ordinal) ? ScriptedServer.Reply(200, "<ListBucketResult/>") : ScriptedServer.Reply(200, "", Tag);
        using S3Store store = Open(Everything());

        await store.HeadAsync("key", CancellationToken.None);
        (await store.GetAsync("key", CancellationToken.None))?.Dispose();
        await store.DeleteAsync("key", CancellationToken.None);
        await foreach (StoredObject _ in store.ListAsync("", CancellationToken.None))
        {
        }

        Assert.Equal(4, Heads().Length);
        Assert.All(Heads(), head => Assert.Contains("x-amz-expected-bucket-owner: 123456789012\n", head));
    }

    [Fact]
    public async Task WithoutOptionsThereIsNothingThatAServerMightNotKnow()
    {
        _server.Answer = AnswerUpload;
        using S3Store store = Open(new S3Options { MultipartThresholdBytes = Part, MultipartPartBytes = Part });

        await PutAsync(store, 100);
        await PutAsync(store, Part + 1);

        IEnumerable<string> names = Heads().SelectMany(head => head.Split('\n')).Where(line => line.StartsWith("x-amz-", StringComparison.Ordinal)).Select(line => line.Split(':')[0]);
        Assert.Equal(["x-amz-api-version", "x-amz-content-sha256", "x-amz-date", "x-amz-meta-datalake"], names.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AChecksumIsAddedWhereItIsWanted()
    {
        _server.Answer = AnswerUpload;
        using S3Store store = Open(new S3Options { RequestChecksum = S3RequestChecksum.Always, MultipartThresholdBytes = Part, MultipartPartBytes = Part });

        await PutAsync(store, 100);
        await PutAsync(store, Part + 1);

        string[] puts = [.. Heads().Where(head => head.StartsWith("PUT", StringComparison.Ordinal))];
        Assert.Equal(3, puts.Length);
        Assert.All(puts, head => Assert.Contains("\nx-amz-checksum-crc32: ", head));
        Assert.All(puts, head => Assert.Contains("\ncontent-md5: ", head));
        Assert.DoesNotContain("x-amz-trailer", string.Concat(puts));
    }

    [Fact]
    public async Task TheDestinationsQueryIsEnough()
    {
        _server.Answer = _ => ScriptedServer.Reply(200, "", Tag);
        await using (Journal journal = Journal.Open(new JournalOptions
        {
            Destination = $"s3://bucket/logs?endpoint={_server.Endpoint}&region=eu-west-3&storageClass=STANDARD_IA",
            LocalDirectory = _local.Path,
            ReportToStandardError = false,
            S3 = { AccessKeyId = "key", SecretAccessKey = "hidden" },
        }))
        {
            Traffic.Append(journal.GetStream("s"), writer: 0, first: 0, count: 1);
        }

        string head = Assert.Single(Heads());
        Assert.StartsWith("put /bucket/logs/s/", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("/eu-west-3/s3/", head);
        Assert.Contains("x-amz-storage-class: STANDARD_IA\n", head);
    }

    private static S3Options Everything() => new()
    {
        ServerSideEncryption = "AWS:kms",
        KmsKeyId = Key,
        BucketKey = true,
        StorageClass = "STANDARD_IA",
        CannedAcl = "bucket-owner-full-control",
        ExpectedBucketOwner = "123456789012",
        Tags = { ["team"] = "größe", ["cost center"] = "4/7" },
        Metadata = { ["Team"] = "shop & co" },
        MultipartThresholdBytes = Part,
        MultipartPartBytes = Part,
    };

    /// <summary>With the names in lower case, for the SDK does not write them all alike.</summary>
    private string[] Heads() => [.. _server.Heads.Items.Select(head => string.Concat(head.Split('\n').Select(line => line.TrimEnd('\r')).Select(static (line, n) =>
    {
        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        return (n == 0 || colon < 0 ? line : line[..colon].ToLowerInvariant() + line[colon..]) + "\n";
    })))];

    private static string? AnswerUpload(string head)
    {
        if (head.StartsWith("HEAD", StringComparison.Ordinal))
        {
            return ScriptedServer.Reply(404, "");
        }

        if (head.Contains("?uploads", StringComparison.Ordinal))
        {
            return ScriptedServer.Reply(200, "<InitiateMultipartUploadResult><Bucket>bucket</Bucket><Key>logs/key</Key><UploadId>u1</UploadId></InitiateMultipartUploadResult>");
        }

        return head.StartsWith("POST", StringComparison.Ordinal)
            ? ScriptedServer.Reply(200, "<CompleteMultipartUploadResult><ETag>\"2\"</ETag></CompleteMultipartUploadResult>")
            : ScriptedServer.Reply(200, "", Tag);
    }

    private static string Digest(int length) => Convert.ToBase64String(MD5.HashData(new byte[length]));

    private S3Store Open(S3Options s3)
    {
        s3.Endpoint = _server.Endpoint;
        s3.AccessKeyId = "key";
        s3.SecretAccessKey = "hidden";
        s3.RequestTimeout = TimeSpan.FromSeconds(20);
        return new S3Store(JournalSettings.From(new JournalOptions { Destination = "s3://bucket/logs", S3 = s3 }, ProcessEnvironment.Instance, _ => true).S3!, retries: 0);
    }

    private async Task<PutResult> PutAsync(S3Store store, int length)
    {
        byte[] bytes = new byte[length];
        StorageDirectory directory = DiskDirectory.OpenPath(_local.Path);
        using StorageFile file = directory.Create(Guid.NewGuid().ToString("N"));
        file.Write(0, bytes);
        return await store.PutAsync(new ObjectPut("key", file, length, "text/plain", "{}", MD5.HashData(bytes)), CancellationToken.None);
    }
}
