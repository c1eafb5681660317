namespace Sink.Core.Tests.Fuzz;

/// <summary>SplitMix64: a case is its seed and its number, and costs nothing to begin.</summary>
internal struct FuzzRandom(ulong seed, long number)
{
    private ulong _state = (seed * 0x9E3779B97F4A7C15) ^ ((ulong)number * 0xD1B54A32D192ED03);

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Below a bound; 0 when that is 0.</summary>
    public int Below(int bound) => bound <= 0 ? 0 : (int)(Next() % (uint)bound);

    public bool OneIn(int n) => Below(n) == 0;
}
