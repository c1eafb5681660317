using Sink.Core;

namespace Crash;

/// <summary>How a process lives: its journal's sizes and times, and how it writes. All so small that everything happens often in a short life.</summary>
internal sealed record Shape
{
    public const int Threads = 4;

    /// <summary>Entries that a thread appends before it says so: so many more than were acknowledged may be found.</summary>
    public const int MostInBurst = 8;

    private static readonly int[] _agesInMs = [10, 20, 40, 100, 3_600_000];
    private static readonly int[] _latenciesInMs = [1, 2, 5, 20, 200];
    private static readonly int[] _ringsInKiB = [64, 64, 64, 256, 1024];
    private static readonly int[] _pausesInMs = [1, 2, 5, 5, 40];
    private static readonly Compression[] _compressions = [Compression.Zstd, Compression.Zstd, Compression.None, Compression.Gzip];

    public required long RingBytes { get; init; }

    public required long SegmentBytes { get; init; }

    public required TimeSpan MaxBatchLatency { get; init; }

    public required TimeSpan MaxObjectAge { get; init; }

    public required long MaxObjectBytes { get; init; }

    public required Compression Compression { get; init; }

    /// <summary>The largest filler of an entry.</summary>
    public required int MostFill { get; init; }

    /// <summary>The longest pause between two bursts of a thread.</summary>
    public required int MostPauseInMs { get; init; }

    /// <summary>Of so many bursts one is waited for until it is synced.</summary>
    public required int DurableOneIn { get; init; }

    public bool IsHeld { get; init; }

    public static Shape Of(int seed, int life, bool isHeld)
    {
        // A held one keeps what it has: its objects are full neither by age nor by size.
        Random random = new(HashOf(seed, life));
        Shape shape = new()
        {
            RingBytes = (long)Pick(random, _ringsInKiB) << 10,
            SegmentBytes = 64L << 10 << random.Next(5),
            MaxBatchLatency = TimeSpan.FromMilliseconds(Pick(random, _latenciesInMs)),
            MaxObjectAge = TimeSpan.FromMilliseconds(Pick(random, _agesInMs)),
            MaxObjectBytes = 8L << 10 << random.Next(6),
            Compression = Pick(random, _compressions),
            MostFill = 60 << random.Next(7),
            MostPauseInMs = Pick(random, _pausesInMs),
            DurableOneIn = random.Next(4, 40),
            IsHeld = isHeld,
        };
        return isHeld ? shape with { MaxObjectAge = TimeSpan.FromHours(1), MaxObjectBytes = 256L << 20 } : shape;
    }

    public void Apply(JournalOptions options)
    {
        options.RingBytes = RingBytes;
        options.SegmentBytes = SegmentBytes;
        options.SmallestSegmentBytes = 64 << 10;
        options.MaxBatchLatency = MaxBatchLatency;
        options.MaxObjectAge = MaxObjectAge;
        options.MaxObjectBytes = MaxObjectBytes;
        options.MaxEntryBytes = 8 << 10;
        options.Compression = Compression;

        // A machine under load may hold up a sync for seconds, and a dropped entry is none that was stored.
        options.WhenFull = WhenFull.Block;
        options.StallAfter = TimeSpan.FromMinutes(1);
        if (IsHeld)
        {
            options.ShutdownTimeout = TimeSpan.Zero;
        }
    }

    /// <summary>The same in every process, other than <see cref="HashCode"/>.</summary>
    public static int HashOf(int seed, int number) => unchecked((seed * 1_000_003) ^ (number * 7_919));

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
