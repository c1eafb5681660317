using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Amazon.S3.Model;
using Sink.Core.Storage;

namespace Sink.Core.Delivery.S3;

/// <summary>
/// Puts large objects in parts. To others it is one put: nothing of an object is seen before all of it is there, and each try
/// begins anew. What an earlier try or a crash left of the same key is aborted; keys are ours alone, by epoch and ordinal, so
/// no other writer's upload is ever met.
/// </summary>
internal sealed class S3Multipart
{
    /// <summary>Amazon's limit for all parts but the last.</summary>
    public const long SmallestPart = 5L << 20;

    /// <summary>Amazon's limit, too.</summary>
    private const int MostParts = 10_000;

    private const int PieceBytes = 128 * 1024;

    /// <summary>Cleaning up must not hold up what waits behind it when the server has gone.</summary>
    private static readonly TimeSpan _longestAbort = TimeSpan.FromSeconds(5);

    private readonly S3Settings _settings;
    private readonly S3Requests _requests;

    /// <summary>Uploads of failed tries, by key: where they may not be listed, nobody else knows them.</summary>
    private readonly ConcurrentDictionary<string, string> _left = new(StringComparer.Ordinal);

    private bool _conditions = true;

    public S3Multipart(S3Settings settings, S3Requests requests)
    {
        _settings = settings;
        _requests = requests;
    }

    /// <exception cref="LocalFileException">The file cannot be read.</exception>
    public async Task<S3PutEnd> PutAsync(ObjectPut put, string key, CancellationToken cancellationToken)
    {
        // The last try's completion may have landed unheard. Not every server knows a completion's condition, and to find out by it costs all the parts.
        if (await IsThereAsync(key, cancellationToken).ConfigureAwait(false))
        {
            if (_left.TryRemove(key, out string? left))
            {
                await AbortAsync(key, left, cancellationToken).ConfigureAwait(false);
            }

            return AlreadyThere;
        }

        string upload;
        try
        {
            InitiateMultipartUploadRequest request = _requests.ForUpload(put, key);
            upload = (await _requests.SendAsync((client, token) => client.InitiateMultipartUploadAsync(request, token), cancellationToken).ConfigureAwait(false)).UploadId;
        }
        catch (Exception e) when (!S3Requests.IsCancelled(e, cancellationToken))
        {
            return new S3PutEnd(_requests.Understand(e), e);
        }

        if (string.IsNullOrEmpty(upload))
        {
            return new S3PutEnd(S3Fault.OfNoServer(_settings));
        }

        // Only now: .NET's client sends a request again whose connection ends, and the first may have begun an upload of its own.
        await AbortOthersAsync(key, upload, cancellationToken).ConfigureAwait(false);
        return await UploadAsync(put, key, upload, cancellationToken).ConfigureAwait(false);
    }

    private static S3PutEnd AlreadyThere => new(new S3Fault(S3FaultKind.AlreadyThere, "the key is taken"));

    private async Task<S3PutEnd> UploadAsync(ObjectPut put, string key, string upload, CancellationToken cancellationToken)
    {
        _left[key] = upload;
        CompleteMultipartUploadRequest completion = new()
        {
            BucketName = _settings.Bucket,
            Key = key,
            UploadId = upload,
            ExpectedBucketOwner = _settings.ExpectedBucketOwner,
        };
        try
        {
            if (await SendPartsAsync(put, completion, cancellationToken).ConfigureAwait(false) is { } fault)
            {
                await AbortAsync(key, upload, cancellationToken).ConfigureAwait(false);
                return new S3PutEnd(fault);
            }
        }
        catch (Exception e) when (!S3Requests.IsCancelled(e, cancellationToken))
        {
            await AbortAsync(key, upload, cancellationToken).ConfigureAwait(false);
            if (e is LocalFileException)
            {
                throw;
            }

            return new S3PutEnd(_requests.Understand(e), e);
        }

        S3PutEnd end = await CompleteAsync(completion, cancellationToken).ConfigureAwait(false);
        if (end.IsStored)
        {
            _left.TryRemove(key, out _);
        }
        else if (end.Fault.Kind == S3FaultKind.NoUpload)
        {
            // Completed by a request whose answer was lost; else by nobody, and the next try sends all again.
            _left.TryRemove(key, out _);
            return await IsThereAsync(key, cancellationToken).ConfigureAwait(false) ? AlreadyThere : end;
        }
        else if (end.Cause is Amazon.S3.AmazonS3Exception { StatusCode: >= System.Net.HttpStatusCode.BadRequest and < System.Net.HttpStatusCode.InternalServerError })
        {
            // Only after a clear answer: what was not answered may be on its way to an end yet, and the next try sees to it.
            await AbortAsync(key, upload, cancellationToken).ConfigureAwait(false);
        }

        return end;
    }

    /// <summary>Null, or what is wrong with the bytes.</summary>
    private async Task<S3Fault?> SendPartsAsync(ObjectPut put, CompleteMultipartUploadRequest completion, CancellationToken cancellationToken)
    {
        long size = Math.Max(_settings.MultipartPartBytes, (put.Length + MostParts - 1) / MostParts);
        using IncrementalHash whole = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        int number = 0;
        for (long start = 0; start < put.Length; start += size)
        {
            long length = Math.Min(size, put.Length - start);
            if (Digest(put.Data, start, length, whole, cancellationToken) is not { } digest)
            {
                return new S3Fault(S3FaultKind.OtherBytes, $"{put.Data.Name} is shorter than it was");
            }

            UploadPartRequest request = new()
            {
                BucketName = _settings.Bucket,
                Key = completion.Key,
                UploadId = completion.UploadId,
                PartNumber = ++number,
                PartSize = length,
                MD5Digest = digest,
                ExpectedBucketOwner = _settings.ExpectedBucketOwner,
                UseChunkEncoding = false,
            };
            StorageFileStream data = new(put.Data, length, ownsFile: false) { Start = start };
            UploadPartResponse answer = await _requests.SendAsync(data, (client, body, token) =>
            {
                request.InputStream = body;
                return client.UploadPartAsync(request, token);
            }, cancellationToken).ConfigureAwait(false);
            if (string.IsNullOrEmpty(answer.ETag))
            {
                return S3Fault.OfNoServer(_settings);
            }

            completion.AddPartETagsAndChecksums(answer);
        }

        // Each part's digest was taken from the file as it is now; this one was fixed when the object was sealed.
        return whole.GetHashAndReset().AsSpan().SequenceEqual(put.Md5.Span) ? null : new S3Fault(S3FaultKind.OtherBytes, $"the bytes of {put.Data.Name} are not those that were sealed");
    }

    private async Task<S3PutEnd> CompleteAsync(CompleteMultipartUploadRequest completion, CancellationToken cancellationToken)
    {
        bool conditional = Volatile.Read(ref _conditions);
        S3PutEnd end = await TryCompleteAsync(completion, conditional, cancellationToken).ConfigureAwait(false);
        if (conditional && end is { IsStored: false, Fault.Kind: S3FaultKind.NoConditions })
        {
            end = await TryCompleteAsync(completion, conditional: false, cancellationToken).ConfigureAwait(false);
            if (end.IsStored)
            {
                Volatile.Write(ref _conditions, false);
            }
        }

        return end;
    }

    private async Task<S3PutEnd> TryCompleteAsync(CompleteMultipartUploadRequest completion, bool conditional, CancellationToken cancellationToken)
    {
        completion.IfNoneMatch = conditional ? "*" : null;
        try
        {
            CompleteMultipartUploadResponse answer = await _requests.SendAsync((client, token) => client.CompleteMultipartUploadAsync(completion, token), cancellationToken).ConfigureAwait(false);

            // Ceph 16.2 names the key and leaves the ETag empty; what is no S3 server names neither.
            return string.IsNullOrEmpty(answer.ETag) && answer.Key != completion.Key ? new S3PutEnd(S3Fault.OfNoServer(_settings)) : S3PutEnd.Stored;
        }
        catch (Exception e) when (!S3Requests.IsCancelled(e, cancellationToken))
        {
            return new S3PutEnd(_requests.Understand(e), e);
        }
    }

    /// <summary>The part's MD5 as a header has it; null when the file ends before.</summary>
    private static string? Digest(StorageFile file, long start, long length, IncrementalHash whole, CancellationToken cancellationToken)
    {
        using IncrementalHash part = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (long at = 0; at < length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = file.Read(start + at, piece.AsSpan(0, (int)Math.Min(PieceBytes, length - at)));
                if (count == 0)
                {
                    return null;
                }

                part.AppendData(piece, 0, count);
                whole.AppendData(piece, 0, count);
                at += count;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalFileException(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return Convert.ToBase64String(part.GetHashAndReset());
    }

    /// <summary>False, too, when we may not look, or the server does not say: then the put finds out.</summary>
    private async Task<bool> IsThereAsync(string key, CancellationToken cancellationToken)
    {
        GetObjectMetadataRequest request = new() { BucketName = _settings.Bucket, ExpectedBucketOwner = _settings.ExpectedBucketOwner, Key = key };
        try
        {
            GetObjectMetadataResponse answer = await _requests.SendAsync((client, token) => client.GetObjectMetadataAsync(request, token), cancellationToken).ConfigureAwait(false);
            return !string.IsNullOrEmpty(answer.ETag);
        }
        catch (Exception e) when (!S3Requests.IsCancelled(e, cancellationToken))
        {
            return false;
        }
    }

    /// <summary>Aborts the uploads of exactly this key but ours. Without the right to list or to abort they stay.</summary>
    private async Task AbortOthersAsync(string key, string ours, CancellationToken cancellationToken)
    {
        List<string> others = [];
        ListMultipartUploadsRequest request = new() { BucketName = _settings.Bucket, ExpectedBucketOwner = _settings.ExpectedBucketOwner, Prefix = key };
        try
        {
            // One page: of the keys that begin with ours, ours is the first.
            ListMultipartUploadsResponse page = await _requests.SendAsync((client, token) => client.ListMultipartUploadsAsync(request, token), cancellationToken).ConfigureAwait(false);
            others.AddRange((page.MultipartUploads ?? []).Where(upload => upload.Key == key).Select(upload => upload.UploadId));
        }
        catch (Exception e) when (!S3Requests.IsCancelled(e, cancellationToken))
        {
            if (_left.TryGetValue(key, out string? left))
            {
                others.Add(left);
            }
        }

        foreach (string upload in others.Where(upload => upload != ours))
        {
            await AbortAsync(key, upload, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AbortAsync(string key, string upload, CancellationToken cancellationToken)
    {
        AbortMultipartUploadRequest request = new() { BucketName = _settings.Bucket, ExpectedBucketOwner = _settings.ExpectedBucketOwner, Key = key, UploadId = upload };
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_longestAbort);
        try
        {
            await _requests.SendAsync((client, token) => client.AbortMultipartUploadAsync(request, token), limit.Token).ConfigureAwait(false);
            _left.TryRemove(KeyValuePair.Create(key, upload));
        }
        catch (Exception e) when (!S3Requests.IsCancelled(e, cancellationToken))
        {
            // The next try of the key meets it again, and a lifecycle rule of the bucket what nobody tries again.
        }
    }
}
