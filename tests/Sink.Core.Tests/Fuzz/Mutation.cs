using System.Buffers.Binary;

namespace Sink.Core.Tests.Fuzz;

/// <summary>Valid bytes, spoiled: flips, cuts, splices, insertions, repetitions, and numbers that lengths and counts do not expect.</summary>
internal static class Mutation
{
    private static readonly long[] _numbers = [0, 1, -1, 7, 8, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue, long.MinValue, 0x7FFFFFFF0, -8];

    public static byte[] Of(byte[][] samples, ref FuzzRandom random)
    {
        if (random.OneIn(20))
        {
            byte[] noise = new byte[random.Below(400)];
            for (int i = 0; i < noise.Length; i++)
            {
                noise[i] = (byte)random.Next();
            }

            return noise;
        }

        byte[] bytes = (byte[])samples[random.Below(samples.Length)].Clone();
        for (int left = random.Below(5); left > 0; left--)
        {
            bytes = Mutate(bytes, samples, ref random);
        }

        return bytes;
    }

    private static byte[] Mutate(byte[] bytes, byte[][] samples, ref FuzzRandom random)
    {
        int at = random.Below(bytes.Length);
        int count = random.Below(Math.Min(64, bytes.Length - at) + 1);
        switch (random.Below(10))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[(at + count)..]];
            case 2:
                return [.. bytes[..at], .. new byte[random.Below(32)], .. bytes[at..]];
            case 3:
                return [.. bytes[..(at + count)], .. bytes[at..]];
            case 4:
                byte[] other = samples[random.Below(samples.Length)];
                return [.. bytes[..at], .. other[random.Below(other.Length)..]];
            case 5 or 6 when bytes.Length >= at + sizeof(int):
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), (int)_numbers[random.Below(_numbers.Length)]);
                return bytes;
            case 7 when bytes.Length >= at + sizeof(long):
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), _numbers[random.Below(_numbers.Length)]);
                return bytes;
            case 8 when bytes.Length > 0:
                bytes[at] = random.OneIn(8) ? (byte)0xFE : (byte)random.Next();
                return bytes;
            default:
                if (bytes.Length > 0)
                {
                    bytes[at] ^= (byte)(1 << random.Below(8));
                }

                return bytes;
        }
    }
}
