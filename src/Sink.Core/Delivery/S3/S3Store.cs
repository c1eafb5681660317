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

    /// <summary>A connection that carries less is given up.</summary>
    private const double LeastBytesPerSecond = 64 << 10;

    /// <summary>A put that takes no further bytes for as long as these may take is given up: for a large one the whole time would be a quarter of an hour.</summary>
    private const long StallBytes = 256 << 10;

    private readonly S3Settings _settings;
    private readonly S3Access _access;
    private readonly string _root;
    private bool _conditions = true;

    public S3Store(S3Settings settings, int retries)
    {
        _settings = settings;
        _access = new S3Access(settings, retries);
        _root = settings.Prefix.Length > 0 ? settings.Prefix + "/" : "";
        Location = $"s3://{settings.Bucket}/{settings.Prefix}".TrimEnd('/');
    }

    public override string Location { get; }

    /// <summary>The longest that a request of so many bytes may take.</summary>
    public static TimeSpan TimeFor(S3Settings settings, long bytes) => settings.RequestTimeout + TimeSpan.FromSeconds(bytes / LeastBytesPerSecond);

    public override async Task<PutResult> PutAsync(ObjectPut put, CancellationToken cancellationToken)
    {
        bool conditional = Volatile.Read(ref _conditions);
        (bool isStored, S3Fault fault, Exception? cause) = await TryPutAsync(put, conditional, cancellationToken).ConfigureAwait(false);
        if (!isStored && conditional && fault.Kind == S3FaultKind.NoConditions)
        {
            // Nothing is lost with it: nobody else has our keys, and a retry puts the same bytes.
            (isStored, fault, cause) = await TryPutAsync(put, conditional: false, cancellationToken).ConfigureAwait(false);
            if (isStored)
            {
                Volatile.Write(ref _conditions, false);
            }
        }

        if (isStored)
        {
            return new PutResult(PutOutcome.Stored);
        }

        PutOutcome outcome = OutcomeOf(fault.Kind, put, cancellationToken);
        return new PutResult(outcome, outcome == PutOutcome.Unavailable ? $"{Location} takes no objects: {fault}" : fault.ToString(), cause);
    }

    public override async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = new() { BucketName = _settings.Bucket, Prefix = _root + prefix };
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
        GetObjectMetadataRequest request = new() { BucketName = _settings.Bucket, Key = _root + key };
        try
        {
            GetObjectMetadataResponse answer = await TimedAsync((client, token) => client.GetObjectMetadataAsync(request, token), 0, cancellationToken).ConfigureAwait(false);
            return new StoredObject(key, answer.ContentLength, answer.Metadata[MetadataName]) { StoredAt = TimeOf(answer.LastModified) };
        }
        catch (AmazonS3Exception e) when (e.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError)
        {
            // The answer to a HEAD has no body, and so does not say whether the object is missing or the whole bucket, and
            // whether we may not look or our credentials have expired. The answer to a GET does; or it has the object.
            using GetObjectResponse? found = await TryGetAsync(key, cancellationToken).ConfigureAwait(false);
            return found is null ? null : new StoredObject(key, found.ContentLength, found.Metadata[MetadataName]) { StoredAt = TimeOf(found.LastModified) };
        }
        catch (Exception e) when (!IsCancelled(e, cancellationToken))
        {
            throw Failure(e);
        }
    }

    public override async Task<Stream?> GetAsync(string key, CancellationToken cancellationToken) =>
        await TryGetAsync(key, cancellationToken).ConfigureAwait(false) is { } answer ? new S3ReadStream(answer, _settings.RequestTimeout, Location) : null;

    private async Task<GetObjectResponse?> TryGetAsync(string key, CancellationToken cancellationToken)
    {
        GetObjectRequest request = new() { BucketName = _settings.Bucket, Key = _root + key };
        try
        {
            return await TimedAsync((client, token) => client.GetObjectAsync(request, token), 0, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!IsCancelled(e, cancellationToken))
        {
            S3Fault fault = S3Fault.Of(e, _settings, _access.Identity);
            return fault.Kind == S3FaultKind.NotThere ? null : throw Failure(e);
        }
    }

    public override Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        DeleteObjectRequest request = new() { BucketName = _settings.Bucket, Key = _root + key };
        return AskAsync((client, token) => client.DeleteObjectAsync(request, token), cancellationToken);
    }

    public override void Dispose()
    {
        _access.Dispose();
        base.Dispose();
    }

    private async Task<(bool IsStored, S3Fault Fault, Exception? Cause)> TryPutAsync(ObjectPut put, bool conditional, CancellationToken cancellationToken)
    {
        StorageFileStream data = new(put.Data, put.Length, ownsFile: false);
        await using (data.ConfigureAwait(false))
        {
            PutObjectRequest request = new()
            {
                BucketName = _settings.Bucket,
                Key = _root + put.Key,
                InputStream = data,
                AutoCloseStream = false,
                ContentType = put.ContentType,
                MD5Digest = Convert.ToBase64String(put.Md5.Span),
                IfNoneMatch = conditional ? "*" : null,

                // One signature over all of it: servers before 2023 do not know the chunks' trailing checksums.
                UseChunkEncoding = false,
            };
            request.Metadata[MetadataName] = put.Metadata;
            using CancellationTokenSource stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (_settings.Client is null)
            {
                // Until the last byte is taken: what the server does then may take its time. A user's client may read as it likes.
                TimeSpan longest = TimeFor(_settings, StallBytes);
                data.OnRead = () => stalled.CancelAfter(data.Position < put.Length ? longest : Timeout.InfiniteTimeSpan);
            }

            try
            {
                PutObjectResponse answer = await TimedAsync((client, token) => client.PutObjectAsync(request, token), put.Length, stalled.Token).ConfigureAwait(false);

                // S3 always gives one. What takes every request, as a web server or a network's login page, has stored nothing.
                return string.IsNullOrEmpty(answer.ETag) ? (false, S3Fault.OfNoServer(_settings), null) : (true, default, null);
            }
            catch (Exception) when (data.Failure is { } cause)
            {
                throw new LocalFileException(cause);
            }
            catch (Exception e) when (!IsCancelled(e, cancellationToken))
            {
                return (false, Understand(e), e);
            }
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
            return await TimedAsync(request, 0, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!IsCancelled(e, cancellationToken))
        {
            throw Failure(e);
        }
    }

    /// <summary>Our own time-out, and not the client's alone: a user's client may have none.</summary>
    private async Task<T> TimedAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> request, long bytes, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeFor(_settings, bytes));
        using IDisposable? around = _settings.BeginRequest?.Invoke();
        return await request(_access.Client, limit.Token).ConfigureAwait(false);
    }

    private S3Fault Understand(Exception exception)
    {
        S3Fault fault = S3Fault.Of(exception, _settings, _access.Identity);
        if (fault.Kind is S3FaultKind.Credentials or S3FaultKind.Forbidden)
        {
            _access.ForgetCredentials();
        }

        return fault;
    }

    private Exception Failure(Exception exception)
    {
        S3Fault fault = Understand(exception);
        return fault.Kind == S3FaultKind.Forbidden ? new StoreAccessException(fault.ToString(), exception) : new IOException(fault.ToString(), exception);
    }

    private static DateTimeOffset? TimeOf(DateTime? utc) => utc is { } time ? new DateTimeOffset(time.ToUniversalTime()) : null;

    private static bool IsCancelled(Exception exception, CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested && exception is OperationCanceledException;
}
