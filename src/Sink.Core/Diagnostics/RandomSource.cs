using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sink.Core.Diagnostics;

/// <summary>Where epochs, ids and names that no other process makes come from. A test that must repeat itself brings one of its own.</summary>
internal class RandomSource
{
    public static RandomSource System { get; } = new();

    public virtual void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);

    public ulong Next()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);
        return new Guid(bytes);
    }

    /// <summary>32 hex digits, lower case.</summary>
    public string NextHex() => NextGuid().ToString("N");
}
