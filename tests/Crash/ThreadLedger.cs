using System.Numerics;

namespace Crash;

/// <summary>What is known of one thread's entries, which are numbered from 1 on: up to where they were acknowledged, and which were found in the bucket.</summary>
internal sealed class ThreadLedger
{
    private ulong[] _found = new ulong[4];

    public long Acknowledged { get; private set; }

    public void Acknowledge(long number) => Acknowledged = Math.Max(Acknowledged, number);

    /// <summary>False when that entry was found before.</summary>
    public bool Find(long number)
    {
        int word = (int)(number / 64);
        if (word >= _found.Length)
        {
            Array.Resize(ref _found, Math.Max(word + 1, _found.Length * 2));
        }

        ulong bit = 1UL << (int)(number % 64);
        bool isNew = (_found[word] & bit) == 0;
        _found[word] |= bit;
        return isNew;
    }

    /// <summary>Acknowledged entries that were not found.</summary>
    public long Missing()
    {
        // Bit 0 stands for no entry.
        long found = 0;
        long last = Math.Min(Acknowledged, (_found.Length * 64L) - 1);
        for (int word = 0; word <= last / 64; word++)
        {
            ulong bits = _found[word];
            if (word == last / 64 && last % 64 < 63)
            {
                bits &= (1UL << (int)((last % 64) + 1)) - 1;
            }

            found += BitOperations.PopCount(bits);
        }

        return Acknowledged - found;
    }
}
