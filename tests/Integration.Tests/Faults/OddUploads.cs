using System.Security.Cryptography;
using Integration.Tests.Support;
using Sink.Core;
using Sink.Core.Delivery;
using Sink.Core.Delivery.S3;
using Sink.Core.Storage;

namespace Integration.Tests.Faults;

/// <summary>Uploads in parts to servers that answer otherwise than Ceph does.</summary>
public sealed class OddUploads : IDisposable
{
    private const int Part = 5 << 20;
    private const string Tag = "ETag: \"1\"";
    private const string Completed = "<CompleteMultipartUploadResult><ETag>\"2\"</ETag></CompleteMultipartUploadResult>";

    private readonly TestDirectory _local = new();
    private readonly ScriptedServer _server = new();
    private readonly S3Store _store;
    private string _upload = "u1";
    private Func<string, string?> _complete = static _ => ScriptedServer.Reply(200, Completed);
    private Func<string, string?> _part = static _ => ScriptedServer.Reply(200, "", Tag);
    private Func<string?> _list = static () => ScriptedServer.Reply(200, "<ListMultipartUploadsResult/>");
    private Func<string?> _head = static () => ScriptedServer.Reply(404, "");

    public OddUploads()
    {
        _server.Answer = Answer;
        _store = new S3Store(
            new S3Settings
            {
                Bucket = "bucket",
                Prefix = "logs",
                Endpoint = new Uri(_server.Endpoint),
                ForcePathStyle = true,
                AccessKeyId = "key",
                SecretAccessKey = "hidden",
                MultipartThresholdBytes = Part,
                MultipartPartBytes = Part,
                RequestTimeout = TimeSpan.FromSeconds(20),
            },
            retries: 0);
    }

    public void Dispose()
    {
        _store.Dispose();
        _server.Dispose();
        _local.Dispose();
    }

    [Fact]
    public async Task TheConditionOfACompletionIsLeftOutWhereTheServerDoesNotKnowIt()
    {
        _complete = static head => IsConditional(head) ? ScriptedServer.Reply(501, "") : ScriptedServer.Reply(200, Completed);

        Assert.Equal(PutOutcome.Stored, (await PutAsync()).Outcome);
        Assert.Equal(PutOutcome.Stored, (await PutAsync()).Outcome);

        Assert.Equal([true, false, false], Heads("POST /bucket/logs/key?uploadId").Select(IsConditional));
        Assert.Empty(Heads("DELETE"));
    }

    [Fact]
    public async Task WhatIsThereIsNotSentAgain()
    {
        _head = static () => ScriptedServer.Reply(200, "", Tag);

        Assert.Equal(PutOutcome.AlreadyThere, (await PutAsync()).Outcome);

        Assert.Single(_server.Heads.Items);
    }

    [Fact]
    public async Task AnotherThatWasFasterIsAlreadyThereAndTheUploadIsAborted()
    {
        _complete = static _ => Error(412, "PreconditionFailed");

        Assert.Equal(PutOutcome.AlreadyThere, (await PutAsync()).Outcome);

        Assert.Contains("uploadId=u1", Assert.Single(Heads("DELETE")));
    }

    [Theory]
    [InlineData(true, PutOutcome.AlreadyThere)]
    [InlineData(false, PutOutcome.Unavailable)]
    public async Task AnUploadThatIsGoneAtItsCompletionHasLandedOrIsSentAgain(bool hasLanded, object outcome)
    {
        _complete = _ =>
        {
            _head = () => ScriptedServer.Reply(hasLanded ? 200 : 404, "", Tag);
            return Error(404, "NoSuchUpload");
        };

        Assert.Equal(outcome, (await PutAsync()).Outcome);
    }

    // Completing may take minutes, so Amazon answers 200 first, and says then that it failed.
    [Fact]
    public async Task ACompletionThatFailsBehindA200IsNotStored()
    {
        _complete = static _ => ScriptedServer.Reply(200, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>InternalError</Code><Message>We failed.</Message></Error>");

        Assert.Equal(PutOutcome.Unavailable, (await PutAsync()).Outcome);
    }

    [Fact]
    public async Task ACompletionThatAnythingTakesIsNotStored()
    {
        _complete = static _ => ScriptedServer.Reply(200, "<html>Welcome</html>");

        Assert.Equal(PutOutcome.Unavailable, (await PutAsync()).Outcome);
    }

    // As Ceph's gateway 16.2.
    [Fact]
    public async Task ACompletionWithoutAnETagIsStoredWhenItNamesTheKey()
    {
        _complete = static _ => ScriptedServer.Reply(200, "<CompleteMultipartUploadResult><Key>logs/key</Key><ETag></ETag></CompleteMultipartUploadResult>");

        Assert.Equal(PutOutcome.Stored, (await PutAsync()).Outcome);
    }

    [Fact]
    public async Task APartThatAnythingTakesIsNotStored()
    {
        _part = static _ => ScriptedServer.Reply(200, "<html>Welcome</html>");

        Assert.Equal(PutOutcome.Unavailable, (await PutAsync()).Outcome);

        Assert.Empty(Heads("POST /bucket/logs/key?uploadId"));
        Assert.Single(Heads("DELETE"));
    }

    /// <summary>Cause: s3-journal took a 404 on a part for success, and completed the upload without it.</summary>
    [Theory]
    [InlineData("NoSuchUpload")]
    [InlineData("NoSuchKey")]
    public async Task APartThatIsNotFoundIsNotStored(string code)
    {
        _part = head => head.Contains("partNumber=2", StringComparison.Ordinal) ? Error(404, code) : ScriptedServer.Reply(200, "", Tag);

        Assert.Equal(PutOutcome.Unavailable, (await PutAsync()).Outcome);

        Assert.Equal(2, Heads("PUT").Length);
        Assert.Empty(Heads("POST /bucket/logs/key?uploadId"));
    }

    [Fact]
    public async Task WithoutTheRightsToCleanUpAllIsStored()
    {
        _list = static () => Error(403, "AccessDenied");
        _head = static () => ScriptedServer.Reply(403, "");

        Assert.Equal(PutOutcome.Stored, (await PutAsync()).Outcome);
    }

    [Fact]
    public async Task WhereUploadsMayNotBeListedThoseOfThisProcessAreRemembered()
    {
        _list = static () => Error(403, "AccessDenied");
        _complete = static _ => ScriptedServer.Reply(500, "");
        await PutAsync();
        Assert.Empty(Heads("DELETE"));

        _complete = static _ => ScriptedServer.Reply(200, Completed);
        Assert.Equal(PutOutcome.Stored, (await PutAsync(upload: "u2")).Outcome);

        Assert.Contains("uploadId=u1", Assert.Single(Heads("DELETE")));
    }

    [Fact]
    public async Task OnlyUploadsOfExactlyThisKeyAreAborted()
    {
        _list = static () => ScriptedServer.Reply(200, "<ListMultipartUploadsResult>" + string.Concat(
            new[] { ("logs/key", "u0"), ("logs/key", "u1"), ("logs/key2", "u7"), ("logs/key/x", "u8") }
                .Select(static pair => $"<Upload><Key>{pair.Item1}</Key><UploadId>{pair.Item2}</UploadId></Upload>")) + "</ListMultipartUploadsResult>");

        Assert.Equal(PutOutcome.Stored, (await PutAsync()).Outcome);

        Assert.Contains("uploadId=u0", Assert.Single(Heads("DELETE")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task BytesThatAreNotThoseThatWereSealedAreNeverCompleted(int missing)
    {
        PutResult result = await PutAsync(digestOf: new byte[] { 1 }, missing: missing);

        Assert.Equal(PutOutcome.Damaged, result.Outcome);
        Assert.Empty(Heads("POST /bucket/logs/key?uploadId"));
        Assert.Single(Heads("DELETE"));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(Part, 1)]
    public async Task AFileThatCannotBeReadIsOurOwnTrouble(int readable, int parts)
    {
        using BadFile file = new(readable);

        await Assert.ThrowsAsync<LocalFileException>(() => _store.PutAsync(new ObjectPut("key", file, Part + 7, "text/plain", "{}", new byte[16]), CancellationToken.None));

        Assert.Equal(parts, Heads("PUT").Length);
        Assert.Single(Heads("DELETE"));
    }

    private static bool IsConditional(string head) => head.Contains("If-None-Match", StringComparison.OrdinalIgnoreCase);

    private static string Error(int status, string code) => ScriptedServer.Reply(status, $"<Error><Code>{code}</Code><Message>So.</Message></Error>");

    private string[] Heads(string begin) => [.. _server.Heads.Items.Where(head => head.StartsWith(begin, StringComparison.Ordinal))];

    private string? Answer(string head) => head switch
    {
        _ when head.StartsWith("HEAD", StringComparison.Ordinal) => _head(),
        _ when head.StartsWith("GET", StringComparison.Ordinal) => _list(),
        _ when head.StartsWith("DELETE", StringComparison.Ordinal) => ScriptedServer.Reply(204, ""),
        _ when head.StartsWith("PUT", StringComparison.Ordinal) => _part(head),
        _ when head.Contains("?uploads", StringComparison.Ordinal) => ScriptedServer.Reply(200, $"<InitiateMultipartUploadResult><Key>logs/key</Key><UploadId>{_upload}</UploadId></InitiateMultipartUploadResult>"),
        _ => _complete(head),
    };

    private async Task<PutResult> PutAsync(string upload = "u1", byte[]? digestOf = null, int missing = 0)
    {
        _upload = upload;
        byte[] bytes = new byte[Part + 7];
        using StorageFile file = DiskDirectory.OpenPath(_local.Path).Create(Guid.NewGuid().ToString("N"));
        file.Write(0, bytes);
        return await _store.PutAsync(new ObjectPut("key", file, bytes.Length + missing, "text/plain", "{}", MD5.HashData(digestOf ?? bytes)), CancellationToken.None);
    }

    /// <summary>Reads as zeroes up to there.</summary>
    private sealed class BadFile(long readable) : StorageFile
    {
        public override string Name => "bad";

        public override long Length => long.MaxValue;

        public override int Read(long offset, Span<byte> buffer)
        {
            if (offset >= readable)
            {
                throw new IOException("The disk is broken.");
            }

            int count = (int)Math.Min(buffer.Length, readable - offset);
            buffer[..count].Clear();
            return count;
        }

        public override void Write(long offset, ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

        public override void Truncate(long length) => throw new NotSupportedException();

        public override void Reserve(long length) => throw new NotSupportedException();

        public override bool HasHoles() => false;

        public override void Sync(SyncSite site) => throw new NotSupportedException();

        public override void Dispose()
        {
        }
    }
}
