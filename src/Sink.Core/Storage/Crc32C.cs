using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sink.Core.Storage;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4) as a running state; begin with all ones or a run's seed, end with the complement.</summary>
internal static class Crc32C
{
    // Used from the first entry on: the unoptimised tier's loop is a multiple slower, and a short program never leaves it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Update(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return state;
    }

    /// <summary>The checksum of a whole file or record that belongs to no run.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Update(uint.MaxValue, bytes);
}
