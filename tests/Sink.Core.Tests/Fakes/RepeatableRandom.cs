using System.Buffers.Binary;
using Sink.Core.Diagnostics;

namespace Sink.Core.Tests.Fakes;

/// <summary>Bits that look random and are the same in every run (splitmix64). For one thread.</summary>
internal sealed class RepeatableRandom(ulong state) : RandomSource
{
    /// <summary>Where it stands; one made of it goes on from there.</summary>
    public ulong State => state;

    public override void Fill(Span<byte> bytes)
    {
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(bytes.Length, eight.Length)..])
        {
            ulong bits = state += 0x9E3779B97F4A7C15;
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            BinaryPrimitives.WriteUInt64LittleEndian(eight, bits ^ (bits >> 31));
            eight[..Math.Min(bytes.Length, eight.Length)].CopyTo(bytes);
        }
    }
}
