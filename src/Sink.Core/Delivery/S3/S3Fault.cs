using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Sink.Core.Delivery.S3;

/// <summary>An exception of the client, understood. Nothing here repeats a secret: the server's own words are used only where they hold none.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="What">What happened, to follow a colon.</param>
/// <param name="Cure">What to do; empty when waiting is all.</param>
internal readonly record struct S3Fault(S3FaultKind Kind, string What, string Cure = "")
{
    public static S3Fault Of(Exception exception, S3Settings settings, string identity) => exception switch
    {
        AmazonServiceException service when service.StatusCode != 0 => OfAnswer(service, settings, identity),
        _ when Inner<S3CredentialsException>(exception) is { } none => new(S3FaultKind.Credentials, none.Message, none.Cure),
        TimeoutException or OperationCanceledException => new(S3FaultKind.Unavailable, "no answer within the time-out", "Check the network and S3.Endpoint, or raise S3.RequestTimeout."),
        _ when Inner<SocketException>(exception) is { } socket => new(S3FaultKind.Unavailable, $"{Place(settings)} cannot be reached: {socket.Message}", "Check the network and S3.Endpoint."),
        _ when Inner<HttpRequestException>(exception) is { } http => new(S3FaultKind.Unavailable, $"the connection to {Place(settings)} failed: {Trimmed(http.InnerException?.Message ?? http.Message)}", "Check the network and S3.Endpoint."),
        AmazonClientException client when client.Message.Contains("RegionEndpoint", StringComparison.Ordinal) => new(S3FaultKind.Unavailable, "no region is known", "Set S3.Region or AWS_REGION."),
        _ => new(S3FaultKind.Unavailable, $"the request as {identity} failed: {Trimmed(exception.Message)}"),
    };

    /// <summary>Something answered that all was well, and not as S3 does.</summary>
    public static S3Fault OfNoServer(S3Settings settings) =>
        new(S3FaultKind.Unavailable, $"the answer of {Place(settings)} is not that of an S3 server: it has no ETag", "Check S3.Endpoint, and what stands between here and the server.");

    public override string ToString() => Cure.Length > 0 ? $"{What}. {Cure}" : $"{What}.";

    // Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    private static S3Fault OfAnswer(AmazonServiceException answer, S3Settings settings, string identity)
    {
        string code = string.IsNullOrEmpty(answer.ErrorCode) ? answer.StatusCode.ToString() : answer.ErrorCode;
        string by = $"({(int)answer.StatusCode} {code}, as {identity} at {Place(settings)})";
        return code switch
        {
            "NoSuchBucket" => new(S3FaultKind.Unavailable, $"there is no bucket \"{settings.Bucket}\" {by}", "Make it, or correct Destination, S3.Region or S3.Endpoint."),
            "InvalidAccessKeyId" => new(S3FaultKind.Credentials, $"the server does not know the access key {by}", "Give keys of this server."),
            "SignatureDoesNotMatch" => new(S3FaultKind.Credentials, $"the secret key does not belong to the access key {by}", "Correct it; if it is right, something between here and the server alters requests."),
            "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" or "RequestExpired" => new(S3FaultKind.Credentials, $"the credentials have expired {by}", "Renew them where they come from."),
            "InvalidToken" or "InvalidClientTokenId" or "UnrecognizedClientException" or "InvalidIdentityToken" or "InvalidSecurity" => new(S3FaultKind.Credentials, $"the credentials are not valid {by}", "Correct or renew them."),
            "RequestTimeTooSkewed" or "RequestInTheFuture" => new(S3FaultKind.Unavailable, $"this machine's clock and the server's are too far apart {by}", "Set the clock (NTP)."),
            "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" => new(S3FaultKind.Unavailable, $"the bucket \"{settings.Bucket}\" is in another region {by}", "Set S3.Region to the bucket's."),
            "PreconditionFailed" => new(S3FaultKind.AlreadyThere, $"the key is taken {by}"),
            "BadDigest" or "InvalidDigest" or "XAmzContentSHA256Mismatch" => new(S3FaultKind.OtherBytes, $"the bytes arrived altered {by}"),
            "InvalidBucketName" => new(S3FaultKind.Unavailable, $"\"{settings.Bucket}\" cannot be a bucket's name {by}", "Correct Destination."),
            "NoSuchUpload" => new(S3FaultKind.NoUpload, $"the multipart upload is gone {by}"),
            "NoSuchKey" => new(S3FaultKind.NotThere, $"there is no such object {by}"),
            "RequestTimeout" or "RequestTimeoutException" or "IncompleteBody" or "OperationAborted" or "ConditionalRequestConflict" or "InvalidPart" => new(S3FaultKind.Unavailable, $"it asks to try again {by}"),
            "SlowDown" or "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "TooManyRequests" => new(S3FaultKind.Unavailable, $"it asks for fewer requests {by}"),
            "QuotaExceeded" or "XMinioAdminBucketQuotaExceeded" => new(S3FaultKind.Unavailable, $"the quota is used up {by}", "Raise it, or delete what is no longer needed."),
            "InvalidStorageClass" => new(S3FaultKind.Unavailable, $"the server has no storage class \"{settings.StorageClass}\" {by}", "Correct S3.StorageClass."),
            "InvalidTag" => new(S3FaultKind.Unavailable, $"the server refuses the tags {by}", "Correct S3.Tags."),
            "AccessControlListNotSupported" => new(S3FaultKind.Unavailable, $"the bucket \"{settings.Bucket}\" takes no ACLs {by}", "Leave out S3.CannedAcl."),
            "AccountProblem" or "AllAccessDisabled" or "InvalidPayer" or "NotSignedUp" => new(S3FaultKind.Unavailable, $"the account may not use it {by}", "See to the account."),
            _ when code.StartsWith("KMS.", StringComparison.Ordinal) || code == "InvalidEncryptionAlgorithmError" => new(S3FaultKind.Unavailable, $"the server cannot encrypt: {Trimmed(answer.Message)} {by}", "Check S3.ServerSideEncryption and S3.KmsKeyId, and the key's state and policy."),
            _ when NamesTheCondition(answer, code) => new(S3FaultKind.NoConditions, $"{Trimmed(answer.Message)} {by}", CheckOptions(settings)),
            _ => OfStatus(answer.StatusCode, answer.Message, by, settings),
        };
    }

    private static S3Fault OfStatus(HttpStatusCode status, string message, string by, S3Settings settings) => status switch
    {
        HttpStatusCode.Forbidden => new(S3FaultKind.Forbidden, $"access is denied {by}", $"Allow {RightsToPut(settings)} to deliver, s3:GetObject and s3:ListBucket to read{OfOwner(settings)}."),
        HttpStatusCode.Unauthorized => new(S3FaultKind.Credentials, $"the credentials are not accepted {by}", "Correct or renew them."),
        HttpStatusCode.NotFound => new(S3FaultKind.Unavailable, $"the server knows no such place {by}", "Check S3.Endpoint and S3.ForcePathStyle."),
        HttpStatusCode.PreconditionFailed => new(S3FaultKind.AlreadyThere, $"the key is taken {by}"),
        HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect => new(S3FaultKind.Unavailable, $"the bucket \"{settings.Bucket}\" is elsewhere {by}", "Set S3.Region to the bucket's."),
        HttpStatusCode.MethodNotAllowed => new(S3FaultKind.Unavailable, $"the server takes no puts {by}", "Check that S3.Endpoint is an S3 server's."),
        HttpStatusCode.Conflict or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.PaymentRequired => new(S3FaultKind.Unavailable, $"it asks to try again {by}"),
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => new(S3FaultKind.Rejected, $"{Trimmed(message)} {by}", CheckOptions(settings)),
        _ => new(S3FaultKind.Unavailable, $"the server is in trouble {by}"),
    };

    private static bool NamesTheCondition(AmazonServiceException answer, string code) =>
        answer.StatusCode == HttpStatusCode.NotImplemented
        || (answer.StatusCode == HttpStatusCode.BadRequest
            && (code == "NotImplemented" || answer.Message.Contains("If-None-Match", StringComparison.OrdinalIgnoreCase)));

    private static string Place(S3Settings settings) => settings.Endpoint?.ToString().TrimEnd('/') ?? (settings.Client is null ? "Amazon S3" : "the client's endpoint");

    private static string Resource(S3Settings settings) => $"arn:aws:s3:::{settings.Bucket}/{(settings.Prefix.Length > 0 ? settings.Prefix + "/" : "")}*";

    private static string RightsToPut(S3Settings settings) => "s3:PutObject"
        + (settings.Tags.Count > 0 ? ", s3:PutObjectTagging" : "")
        + (settings.CannedAcl is null ? "" : ", s3:PutObjectAcl")
        + $" on {Resource(settings)}"
        + (settings.KmsKeyId is null ? "" : ", kms:GenerateDataKey and kms:Decrypt on the key");

    /// <summary>Servers refuse what they do not know with words of their own, or none.</summary>
    private static string CheckOptions(S3Settings settings)
    {
        string[] options =
        [
            .. settings.ServerSideEncryption is null ? [] : new[] { "S3.ServerSideEncryption" },
            .. settings.StorageClass is null ? [] : new[] { "S3.StorageClass" },
            .. settings.CannedAcl is null ? [] : new[] { "S3.CannedAcl" },
            .. settings.Tags.Count == 0 ? [] : new[] { "S3.Tags" },
            .. settings.RequestChecksum == S3RequestChecksum.WhenRequired ? [] : new[] { "S3.RequestChecksum" },
        ];
        return options.Length == 0 ? "" : $"Check that the server takes {string.Join(", ", options)}.";
    }

    private static string OfOwner(S3Settings settings) => settings.ExpectedBucketOwner is null ? "" : ", or correct S3.ExpectedBucketOwner: it may be another's bucket";

    private static string Trimmed(string? message) => string.IsNullOrWhiteSpace(message) ? "no reason is given" : message.Trim().TrimEnd('.');

    private static T? Inner<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }
}
