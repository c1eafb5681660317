using System.Security.Cryptography;
using Sink.Core.Delivery;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>The hashes of a staged object, taken while every compressed frame is checked against what was written: rot must not be hashed as good.</summary>
internal sealed record ObjectDigest(string Hash, byte[] Md5, IReadOnlyList<int> DamagedFrames)
{
    /// <summary>What is read at once: a frame, but for large entries, and for a length in a checkpoint that lies.</summary>
    internal const int PieceBytes = 2 << 20;

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
        byte[] piece = new byte[Math.Min(PieceBytes, frames.Count == 0 ? 0 : frames.Max(static frame => frame.Length))];
        long offset = 0;
        for (int i = 0; i < frames.Count; i++)
        {
            int length = frames[i].Length;
            if (file is null || !IsGood(file, offset, frames[i], piece, passesBadSectors))
            {
                damaged.Add(i);
                offset += length;
                continue;
            }

            for (long done = 0; done < length; done += piece.Length)
            {
                int count = (int)Math.Min(piece.Length, length - done);

                // A frame of one piece is still in it.
                if (length > piece.Length && file.Read(offset + done, piece.AsSpan(0, count)) < count)
                {
                    throw new IOException($"{name} in {directory.Path} was cut while it was read.");
                }

                hash.Append(piece, 0, count);
                md5.AppendData(piece, 0, count);
            }

            offset += length;
        }

        return new ObjectDigest(hash.FinishHex(), md5.GetHashAndReset(), damaged);
    }

    private static bool IsGood(StorageFile file, long offset, CompressedFrame frame, byte[] piece, bool passesBadSectors)
    {
        if (frame.Length > file.Length - offset)
        {
            return false;
        }

        uint state = uint.MaxValue;
        try
        {
            for (long done = 0; done < frame.Length; done += piece.Length)
            {
                Span<byte> bytes = piece.AsSpan(0, (int)Math.Min(piece.Length, frame.Length - done));
                if (file.Read(offset + done, bytes) < bytes.Length)
                {
                    return false;
                }

                state = Crc32C.Update(state, bytes);
            }
        }
        catch (IOException) when (passesBadSectors)
        {
            return false;
        }

        return ~state == frame.Checksum;
    }
}
