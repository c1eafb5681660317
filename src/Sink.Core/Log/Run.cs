using System.Numerics;

namespace Sink.Core.Log;

/// <summary>
/// One opening of a lane. Number and epoch seed every checksum written under it, so that bytes of an earlier run, an
/// earlier turn of the ring, or a restored copy never pass for new ones.
/// </summary>
internal readonly record struct Run(uint Number, ulong Epoch)
{
    /// <summary>CRC-32C state with which every checksum of this run begins.</summary>
    public uint Seed => BitOperations.Crc32C(BitOperations.Crc32C(uint.MaxValue, Epoch), Number);
}
