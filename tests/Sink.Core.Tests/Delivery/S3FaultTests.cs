using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Sink.Core.Delivery.S3;

namespace Sink.Core.Tests.Delivery;

public class S3FaultTests
{
    private static readonly S3Settings _settings = new() { Bucket = "logs", Prefix = "app", Endpoint = new Uri("http://minio:9000"), SecretAccessKey = "the secret" };

    [Theory]
    [InlineData(404, "NoSuchBucket", "Unavailable", "no bucket \"logs\"")]
    [InlineData(403, "InvalidAccessKeyId", "Credentials", "does not know the access key")]
    [InlineData(403, "SignatureDoesNotMatch", "Credentials", "secret key does not belong")]
    [InlineData(400, "ExpiredToken", "Credentials", "have expired")]
    [InlineData(400, "InvalidToken", "Credentials", "are not valid")]
    [InlineData(401, "", "Credentials", "are not accepted")]
    [InlineData(403, "RequestTimeTooSkewed", "Unavailable", "Set the clock")]
    [InlineData(301, "PermanentRedirect", "Unavailable", "Set S3.Region")]
    [InlineData(400, "AuthorizationHeaderMalformed", "Unavailable", "another region")]
    [InlineData(403, "AccessDenied", "Forbidden", "s3:PutObject on arn:aws:s3:::logs/app/*")]
    [InlineData(403, "", "Forbidden", "access is denied")]
    [InlineData(412, "PreconditionFailed", "AlreadyThere", "taken")]
    [InlineData(412, "", "AlreadyThere", "taken")]
    [InlineData(409, "ConditionalRequestConflict", "Unavailable", "try again")]
    [InlineData(404, "NoSuchUpload", "NoUpload", "upload is gone")]
    [InlineData(400, "InvalidPart", "Unavailable", "try again")]
    [InlineData(400, "InvalidStorageClass", "Unavailable", "Correct S3.StorageClass")]
    [InlineData(400, "InvalidTag", "Unavailable", "Correct S3.Tags")]
    [InlineData(400, "AccessControlListNotSupported", "Unavailable", "Leave out S3.CannedAcl")]
    [InlineData(400, "KMS.DisabledException", "Unavailable", "Check S3.ServerSideEncryption and S3.KmsKeyId")]
    [InlineData(404, "NoSuchKey", "NotThere", "no such object")]
    [InlineData(404, "", "Unavailable", "S3.Endpoint")]
    [InlineData(400, "InvalidBucketName", "Unavailable", "Correct Destination")]
    [InlineData(400, "IncompleteBody", "Unavailable", "try again")]
    [InlineData(403, "QuotaExceeded", "Unavailable", "quota")]
    [InlineData(400, "XMinioAdminBucketQuotaExceeded", "Unavailable", "quota")]
    [InlineData(501, "NotImplemented", "NoConditions", "the server's words")]
    [InlineData(400, "BadDigest", "OtherBytes", "altered")]
    [InlineData(400, "XAmzContentSHA256Mismatch", "OtherBytes", "altered")]
    [InlineData(400, "EntityTooLarge", "Rejected", "the server's words (400 EntityTooLarge")]
    [InlineData(400, "MetadataTooLarge", "Rejected", "the server's words")]
    [InlineData(405, "MethodNotAllowed", "Unavailable", "takes no puts")]
    [InlineData(400, "RequestTimeout", "Unavailable", "try again")]
    [InlineData(429, "TooManyRequests", "Unavailable", "fewer requests")]
    [InlineData(503, "SlowDown", "Unavailable", "fewer requests")]
    [InlineData(500, "InternalError", "Unavailable", "in trouble")]
    [InlineData(507, "", "Unavailable", "in trouble")]
    public void AnAnswerIsUnderstoodByItsCodeAndElseByItsStatus(int status, string code, string kind, string says)
    {
        AmazonS3Exception answer = new("the server's words", ErrorType.Unknown, code, "request", (HttpStatusCode)status);

        S3Fault fault = S3Fault.Of(answer, _settings, "access key AKIA");

        Assert.Equal(kind, fault.Kind.ToString());
        Assert.Contains(says, fault.ToString());
        Assert.Contains("as access key AKIA at http://minio:9000)", fault.ToString());
    }

    [Fact]
    public void ARefusalNamesTheOptionsThatMayBeItsReason()
    {
        S3Settings settings = new()
        {
            Bucket = "logs",
            Prefix = "",
            ServerSideEncryption = "aws:kms",
            KmsKeyId = "alias/logs",
            CannedAcl = "private",
            Tags = [KeyValuePair.Create("team", "shop")],
            ExpectedBucketOwner = "123456789012",
        };

        string denied = S3Fault.Of(new AmazonS3Exception("no", ErrorType.Sender, "AccessDenied", "request", HttpStatusCode.Forbidden), settings, "me").ToString();
        Assert.Contains("Allow s3:PutObject, s3:PutObjectTagging, s3:PutObjectAcl on arn:aws:s3:::logs/*, kms:GenerateDataKey and kms:Decrypt on the key to deliver", denied);
        Assert.Contains("S3.ExpectedBucketOwner", denied);
        string refused = S3Fault.Of(new AmazonS3Exception("no", ErrorType.Sender, "InvalidArgument", "request", HttpStatusCode.BadRequest), settings, "me").ToString();
        Assert.EndsWith("Check that the server takes S3.ServerSideEncryption, S3.CannedAcl, S3.Tags.", refused);
    }

    [Fact]
    public void ABadRequestThatNamesTheConditionSwitchesItOff()
    {
        AmazonS3Exception answer = new("Unsupported header: If-None-Match", ErrorType.Sender, "InvalidArgument", "request", HttpStatusCode.BadRequest);
        Assert.Equal(S3FaultKind.NoConditions, S3Fault.Of(answer, _settings, "me").Kind);
    }

    public static TheoryData<Exception, string> WithoutAnswer => new()
    {
        { new HttpRequestException("no", new SocketException((int)SocketError.ConnectionRefused)), "http://minio:9000 cannot be reached" },
        { new AmazonClientException("wrapped", new HttpRequestException("no", new HttpIOException(HttpRequestError.ResponseEnded, "ended early"))), "connection to http://minio:9000 failed: ended early" },
        { new TimeoutException(), "no answer within" },
        { new TaskCanceledException(), "no answer within" },
        { new AmazonClientException("No RegionEndpoint or ServiceURL configured"), "Set S3.Region or AWS_REGION" },
        { new S3CredentialsException("profile \"x\" gives no keys: not found", "Correct it.", null), "profile \"x\" gives no keys: not found. Correct it." },
        { new InvalidOperationException("odd"), "the request as me failed: odd" },
    };

    [Theory]
    [MemberData(nameof(WithoutAnswer), DisableDiscoveryEnumeration = true)]
    public void WithoutAnAnswerItIsWait(Exception exception, string says)
    {
        S3Fault fault = S3Fault.Of(exception, _settings, "me");
        Assert.Equal(exception is S3CredentialsException ? S3FaultKind.Credentials : S3FaultKind.Unavailable, fault.Kind);
        Assert.Contains(says, fault.ToString());
    }
}
