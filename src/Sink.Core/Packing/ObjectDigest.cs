using System.Security.Cryptography;
using Sink.Core.Delivery;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>The hashes of a staged object, taken while every compressed frame is checked against what was written: rot must not be hashed as good.</summary>
internal sealed record ObjectDigest(string Hash, byte[] Md5, IReadOnlyList<int> DamagedFrames)
{
    /// <param name="directory">The lane's.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="frames">What was written into it.</param>
    /// <param name="passesBadSectors">A frame that cannot be read is as lost as one that reads wrong, and not an error.</param>
    public static ObjectDigest Read(StorageDirectory directory, string name, IReadOnlyList<CompressedFrame> frames, bool passesBadSectors)
    {
        using StorageFile? file = directory.Open(name);
        using Blake2b16 hash = new();
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        List<int> damaged = [];
        byte[] bytes = [];
        long offset = 0;
        for (int i = 0; i < frames.Count; i++)
        {
            int length = frames[i].Length;
            if (length > (file?.Length ?? 0) - offset)
            {
                // Cut off; and no room is made for a length that nobody checked.
                damaged.Add(i);
                offset += length;
                continue;
            }

            if (bytes.Length < length)
            {
                bytes = new byte[length];
            }

            if (ReadFrame(file, offset, bytes.AsSpan(0, length), passesBadSectors) && Crc32C.Of(bytes.AsSpan(0, length)) == frames[i].Checksum)
            {
                hash.Append(bytes, 0, length);
                md5.AppendData(bytes, 0, length);
            }
            else
            {
                damaged.Add(i);
            }

            offset += length;
        }

        return new ObjectDigest(hash.FinishHex(), md5.GetHashAndReset(), damaged);
    }

    private static bool ReadFrame(StorageFile? file, long offset, Span<byte> bytes, bool passesBadSectors)
    {
        try
        {
            return file is not null && file.Read(offset, bytes) == bytes.Length;
        }
        catch (IOException) when (passesBadSectors)
        {
            return false;
        }
    }
}
