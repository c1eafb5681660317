using System.Buffers;
using System.Security.Cryptography;
using Sink.Core.Storage;

namespace Sink.Core.Delivery;

/// <summary>Copies a sealed object's bytes into a directory, checking on the way that they are the ones that were sealed.</summary>
internal static class StoreCopy
{
    private const int PieceBytes = 128 * 1024;

    /// <summary>Writes and syncs the named new file; answers why not, when the fault lies with the object and not with the directory.</summary>
    public static PutResult? Write(StorageDirectory directory, string name, ObjectPut put, CancellationToken cancellationToken)
    {
        using StorageFile target = directory.Create(name);
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (long offset = 0; offset < put.Length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count;
                try
                {
                    count = put.Data.Read(offset, piece.AsSpan(0, (int)Math.Min(PieceBytes, put.Length - offset)));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    return new PutResult(PutOutcome.Rejected, $"'{put.Data.Name}' in the journal's own directory cannot be read: {e.Message}", e);
                }

                if (count == 0)
                {
                    return new PutResult(PutOutcome.Damaged, $"'{put.Data.Name}' ends after {offset} of {put.Length} bytes.");
                }

                md5.AppendData(piece, 0, count);
                target.Write(offset, piece.AsSpan(0, count));
                offset += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        if (!md5.GetHashAndReset().AsSpan().SequenceEqual(put.Md5.Span))
        {
            return new PutResult(PutOutcome.Damaged, $"The bytes of '{put.Data.Name}' are no longer those that were sealed.");
        }

        target.Sync(SyncSite.StoredObject);
        return null;
    }

    /// <summary>Whether the first <paramref name="length"/> bytes of the file have this MD5.</summary>
    public static bool HasDigest(StorageFile file, long length, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken)
    {
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (long offset = 0; offset < length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = file.Read(offset, piece.AsSpan(0, (int)Math.Min(PieceBytes, length - offset)));
                if (count == 0)
                {
                    return false;
                }

                md5.AppendData(piece, 0, count);
                offset += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return md5.GetHashAndReset().AsSpan().SequenceEqual(expected.Span);
    }
}
