using Amazon.S3;
using Amazon.S3.Model;
using Sink.Core.Storage;

namespace Sink.Core.Delivery.S3;

/// <summary>Requests with the settings' options, each with a time-out of its own. Safe for concurrent use.</summary>
internal sealed class S3Requests
{
    /// <summary>A connection that carries less is given up.</summary>
    private const double LeastBytesPerSecond = 64 << 10;

    /// <summary>A put that takes no further bytes for as long as these may take is given up: for a large one the whole time would be a quarter of an hour.</summary>
    private const long StallBytes = 256 << 10;

    private readonly S3Settings _settings;
    private readonly S3Access _access;

    public S3Requests(S3Settings settings, S3Access access)
    {
        _settings = settings;
        _access = access;
    }

    /// <summary>The longest that a request of so many bytes may take.</summary>
    public static TimeSpan TimeFor(S3Settings settings, long bytes) => settings.RequestTimeout + TimeSpan.FromSeconds(bytes / LeastBytesPerSecond);

    public static bool IsCancelled(Exception exception, CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested && exception is OperationCanceledException;

    /// <summary>All but the bytes, and the condition.</summary>
    public PutObjectRequest ForPut(ObjectPut put, string key)
    {
        PutObjectRequest request = new()
        {
            BucketName = _settings.Bucket,
            Key = key,
            AutoCloseStream = false,
            ContentType = put.ContentType,
            MD5Digest = Convert.ToBase64String(put.Md5.Span),
            ServerSideEncryptionMethod = _settings.ServerSideEncryption,
            ServerSideEncryptionKeyManagementServiceKeyId = _settings.KmsKeyId,
            BucketKeyEnabled = _settings.BucketKey,
            StorageClass = _settings.StorageClass,
            CannedACL = _settings.CannedAcl,
            ExpectedBucketOwner = _settings.ExpectedBucketOwner,
            TagSet = Tags(),

            // One signature over all of it: servers before 2023 do not know the chunks' trailing checksums.
            UseChunkEncoding = false,
        };
        AddMetadata(request.Metadata, put);
        return request;
    }

    /// <summary>What a put in parts says once, at its beginning.</summary>
    public InitiateMultipartUploadRequest ForUpload(ObjectPut put, string key)
    {
        InitiateMultipartUploadRequest request = new()
        {
            BucketName = _settings.Bucket,
            Key = key,
            ContentType = put.ContentType,
            ServerSideEncryptionMethod = _settings.ServerSideEncryption,
            ServerSideEncryptionKeyManagementServiceKeyId = _settings.KmsKeyId,
            BucketKeyEnabled = _settings.BucketKey,
            StorageClass = _settings.StorageClass,
            CannedACL = _settings.CannedAcl,
            ExpectedBucketOwner = _settings.ExpectedBucketOwner,
            TagSet = Tags(),
        };
        AddMetadata(request.Metadata, put);
        return request;
    }

    /// <summary>Our own time-out, and not the client's alone: a user's client may have none.</summary>
    public Task<T> SendAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> request, CancellationToken cancellationToken) =>
        SendAsync(request, 0, cancellationToken);

    /// <summary>Sends a request whose body is that part of a sealed file, and disposes that. One that stands still is given up before its time.</summary>
    /// <exception cref="LocalFileException">The file cannot be read.</exception>
    public async Task<T> SendAsync<T>(StorageFileStream data, Func<IAmazonS3, Stream, CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        await using (data.ConfigureAwait(false))
        {
            using CancellationTokenSource stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (_settings.Client is null)
            {
                // Until the last byte is taken: what the server does then may take its time. A user's client may read as it likes.
                TimeSpan longest = TimeFor(_settings, StallBytes);
                data.OnRead = () => stalled.CancelAfter(data.Position < data.Length ? longest : Timeout.InfiniteTimeSpan);
            }

            try
            {
                return await SendAsync((client, token) => request(client, data, token), data.Length, stalled.Token).ConfigureAwait(false);
            }
            catch (Exception) when (data.Failure is { } cause)
            {
                throw new LocalFileException(cause);
            }
        }
    }

    /// <summary>What the client's exception means. Credentials that were not accepted are let go of.</summary>
    public S3Fault Understand(Exception exception)
    {
        S3Fault fault = S3Fault.Of(exception, _settings, _access.Identity);
        if (fault.Kind is S3FaultKind.Credentials or S3FaultKind.Forbidden)
        {
            _access.ForgetCredentials();
        }

        return fault;
    }

    private async Task<T> SendAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> request, long bytes, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeFor(_settings, bytes));
        using IDisposable? around = _settings.BeginRequest?.Invoke();
        return await request(_access.Client, limit.Token).ConfigureAwait(false);
    }

    private List<Tag>? Tags() => _settings.Tags.Count == 0 ? null : [.. _settings.Tags.Select(static tag => new Tag { Key = tag.Key, Value = tag.Value })];

    private void AddMetadata(MetadataCollection metadata, ObjectPut put)
    {
        metadata[S3Store.MetadataName] = put.Metadata;
        foreach ((string name, string value) in _settings.Metadata)
        {
            metadata[name] = value;
        }
    }
}
