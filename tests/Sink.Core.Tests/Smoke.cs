namespace Sink.Core.Tests;

public class Smoke
{
    [Fact]
    public void One() => Assert.Equal(0xe3069283u, ~Crc(~0u));

    private static uint Crc(uint s)
    {
        foreach (byte b in "123456789"u8)
        {
            s = System.Numerics.BitOperations.Crc32C(s, b);
        }

        return s;
    }
}
