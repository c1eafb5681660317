namespace Sink.Core.Options;

/// <summary>Bounds that more than one place must agree on.</summary>
internal static class SettingLimits
{
    public const int LongestName = 64;

    /// <summary>Header and stream name of an entry on disk, at most.</summary>
    public const int EntryHeaderBytes = 1 << 10;

    public const long RingGranularity = 4096;
    public const long SmallestSegmentBytes = 1L << 20;

    /// <summary>What packing needs on a full disk beside one object: its buffers and two checkpoints. The log may not use it.</summary>
    public const long PackingReserveBytes = 16L << 20;

    public const long SmallestObjectBytes = 4L << 10;

    public static readonly TimeSpan ShortestObjectAge = TimeSpan.FromMilliseconds(10);

    public static readonly TimeSpan LongestObjectAge = TimeSpan.FromDays(7);

    public static readonly TimeSpan ShortestIdle = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    public static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
}
