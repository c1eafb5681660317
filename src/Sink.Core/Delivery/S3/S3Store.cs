using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Sink.Core.Storage;

namespace Sink.Core.Delivery.S3;

/// <summary>Objects in a bucket: the <c>s3://</c> destination. Safe for concurrent use.</summary>
internal sealed class S3Store : ObjectStore
{
    /// <summary>The name of the metadata document in an object's user metadata (<c>x-amz-meta-datalake</c>).</summary>
    public const string MetadataName = "datalake";

    /// <summary>Amazon's own limit for one put.</summary>
    public const long LargestPut = 5L << 30;

    private readonly S3Settings _settings;
    private readonly S3Access _access;
    private readonly S3Requests _requests;
    private readonly S3Multipart _multipart;
    private readonly string _root;
    private bool _conditions = true;

    public S3Store(S3Settings settings, int retries)
    {
        _settings = settings;
        _access = new S3Access(settings, retries);
        _root = settings.Prefix.Length > 0 ? settings.Prefix + "/" : "";
        _requests = new S3Requests(settings, _access);
        _multipart = new S3Multipart(settings, _requests);
        Location = $"s3://{settings.Bucket}/{settings.Prefix}".TrimEnd('/');
    }

    public override string Location { get; }

    public override async Task<PutResult> PutAsync(ObjectPut put, CancellationToken cancellationToken)
    {
        S3PutEnd end = put.Length > _settings.MultipartThresholdBytes
            ? await _multipart.PutAsync(put, _root + put.Key, cancellationToken).ConfigureAwait(false)
            : await PutWholeAsync(put, cancellationToken).ConfigureAwait(false);
        if (end.IsStored)
        {
            return new PutResult(PutOutcome.Stored);
        }

        S3Fault fault = end.Fault;
        PutOutcome outcome = OutcomeOf(fault.Kind, put, cancellationToken);
        return new PutResult(outcome, outcome == PutOutcome.Unavailable ? $"{Location} takes no objects: {fault}" : fault.ToString(), end.Cause);
    }

    public override async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = new() { BucketName = _settings.Bucket, ExpectedBucketOwner = _settings.ExpectedBucketOwner, Prefix = _root + prefix };
        ListObjectsV2Response page;
        do
        {
            page = await AskAsync((client, token) => client.ListObjectsV2Async(request, token), cancellationToken).ConfigureAwait(false);
            foreach (S3Object found in page.S3Objects ?? [])
            {
                if (!found.Key.StartsWith(request.Prefix, StringComparison.Ordinal))
                {
                    throw new IOException($"The server listed {found.Key}, which does not begin with {request.Prefix}: it is not an S3 server, or a broken one.");
                }

                yield return new StoredObject(found.Key[_root.Length..], found.Size ?? 0, Metadata: null) { StoredAt = TimeOf(found.LastModified) };
            }

            if (page.IsTruncated == true && (string.IsNullOrEmpty(page.NextContinuationToken) || page.NextContinuationToken == request.ContinuationToken))
            {
                // A server that does not know this kind of listing gives its first page over and over.
                throw new IOException($"The listing of {Location} does not go on after {page.S3Objects?.Count ?? 0} objects: the server does not know ListObjectsV2.");
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public override async Task<StoredObject?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        GetObjectMetadataRequest request = new() { BucketName = _settings.Bucket, ExpectedBucketOwner = _settings.ExpectedBucketOwner, Key = _root + key };
        try
        {
            GetObjectMetadataResponse answer = await _requests.SendAsync((client, token) => client.GetObjectMetadataAsync(request, token), cancellationToken).ConfigureAwait(false);
            return new StoredObject(key, answer.ContentLength, answer.Metadata[MetadataName]) { StoredAt = TimeOf(answer.LastModified) };
        }
        catch (AmazonS3Exception e) when (e.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError)
        {
            // The answer to a HEAD has no body, and so does not say whether the object is missing or the whole bucket, and
            // whether we may not look or our credentials have expired. The answer to a GET does; or it has the object.
            using GetObjectResponse? found = await TryGetAsync(key, cancellationToken).ConfigureAwait(false);
            return found is null ? null : new StoredObject(key, found.ContentLength, found.Metadata[MetadataName]) { StoredAt = TimeOf(found.LastModified) };
        }
        catch (Exception e) when (!S3Requests.IsCancelled(e, cancellationToken))
        {
            throw Failure(e);
        }
    }

    public override async Task<Stream?> GetAsync(string key, CancellationToken cancellationToken) =>
        await TryGetAsync(key, cancellationToken).ConfigureAwait(false) is { } answer ? new S3ReadStream(answer, _settings.RequestTimeout, Location) : null;

    private async Task<GetObjectResponse?> TryGetAsync(string key, CancellationToken cancellationToken)
    {
        GetObjectRequest request = new() { BucketName = _settings.Bucket, ExpectedBucketOwner = _settings.ExpectedBucketOwner, Key = _root + key };
        try
        {
            return await _requests.SendAsync((client, token) => client.GetObjectAsync(request, token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!S3Requests.IsCancelled(e, cancellationToken))
        {
            return S3Fault.Of(e, _settings, _access.Identity).Kind == S3FaultKind.NotThere ? null : throw Failure(e);
        }
    }

    public override Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        DeleteObjectRequest request = new() { BucketName = _settings.Bucket, ExpectedBucketOwner = _settings.ExpectedBucketOwner, Key = _root + key };
        return AskAsync((client, token) => client.DeleteObjectAsync(request, token), cancellationToken);
    }

    public override void Dispose()
    {
        _access.Dispose();
        base.Dispose();
    }

    private async Task<S3PutEnd> PutWholeAsync(ObjectPut put, CancellationToken cancellationToken)
    {
        bool conditional = Volatile.Read(ref _conditions);
        S3PutEnd end = await TryPutAsync(put, conditional, cancellationToken).ConfigureAwait(false);
        if (conditional && end is { IsStored: false, Fault.Kind: S3FaultKind.NoConditions })
        {
            // Nothing is lost with it: nobody else has our keys, and a retry puts the same bytes.
            end = await TryPutAsync(put, conditional: false, cancellationToken).ConfigureAwait(false);
            if (end.IsStored)
            {
                Volatile.Write(ref _conditions, false);
            }
        }

        return end;
    }

    private async Task<S3PutEnd> TryPutAsync(ObjectPut put, bool conditional, CancellationToken cancellationToken)
    {
        PutObjectRequest request = _requests.ForPut(put, _root + put.Key);
        request.IfNoneMatch = conditional ? "*" : null;
        StorageFileStream data = new(put.Data, put.Length, ownsFile: false);
        try
        {
            PutObjectResponse answer = await _requests.SendAsync(data, (client, body, token) =>
            {
                request.InputStream = body;
                return client.PutObjectAsync(request, token);
            }, cancellationToken).ConfigureAwait(false);

            // S3 always gives one. What takes every request, as a web server or a network's login page, has stored nothing.
            return string.IsNullOrEmpty(answer.ETag) ? new S3PutEnd(S3Fault.OfNoServer(_settings)) : S3PutEnd.Stored;
        }
        catch (Exception e) when (e is not LocalFileException && !S3Requests.IsCancelled(e, cancellationToken))
        {
            return new S3PutEnd(_requests.Understand(e), e);
        }
    }

    private static PutOutcome OutcomeOf(S3FaultKind kind, ObjectPut put, CancellationToken cancellationToken) => kind switch
    {
        S3FaultKind.AlreadyThere => PutOutcome.AlreadyThere,
        S3FaultKind.Rejected => PutOutcome.Rejected,

        // Rot on our disk is for ever, on the way only this once.
        S3FaultKind.OtherBytes when !HasDigest(put, cancellationToken) => PutOutcome.Damaged,
        _ => PutOutcome.Unavailable,
    };

    private static bool HasDigest(ObjectPut put, CancellationToken cancellationToken)
    {
        try
        {
            return StoreCopy.HasDigest(put.Data, put.Length, put.Md5, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalFileException(e);
        }
    }

    private async Task<T> AskAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await _requests.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!S3Requests.IsCancelled(e, cancellationToken))
        {
            throw Failure(e);
        }
    }

    private Exception Failure(Exception exception)
    {
        S3Fault fault = _requests.Understand(exception);
        return fault.Kind == S3FaultKind.Forbidden ? new StoreAccessException(fault.ToString(), exception) : new IOException(fault.ToString(), exception);
    }

    private static DateTimeOffset? TimeOf(DateTime? utc) => utc is { } time ? new DateTimeOffset(time.ToUniversalTime()) : null;
}
