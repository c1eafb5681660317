using System.Globalization;

namespace Sink.Core.Packing;

/// <summary>
/// The date part of a key: a .NET custom date format, always in the invariant culture (in others the same format gives
/// another calendar's year, other separators or invisible marks). Keeps the newest texts, so that entries of about the
/// same time cost no allocation; not safe for concurrent use.
/// </summary>
internal sealed class PartitionFormat
{
    public const int LongestFormat = 128;

    // A few more than one: entries come from several clocks, and late ones mix with new ones.
    private const int CachedTexts = 8;

    private readonly long[] _intervals = new long[CachedTexts];
    private readonly string?[] _texts = new string?[CachedTexts];
    private readonly TimeZoneInfo _zone;

    /// <param name="format">One that <see cref="Validate"/> finds nothing wrong with.</param>
    /// <param name="zone">The zone whose date is meant.</param>
    public PartitionFormat(string format, TimeZoneInfo zone)
    {
        Text = format;
        _zone = zone;
        Granularity = GranularityOf(DateFormatTokens.FinestUnit(format), zone);
    }

    /// <summary>The format as given.</summary>
    public string Text { get; }

    /// <summary>Ticks of an interval, counted from tick 0 UTC, within which the text cannot change.</summary>
    public long Granularity { get; }

    /// <summary>What is wrong with the format and what to write instead; null when it can be used.</summary>
    public static string? Validate(string? format)
    {
        if (string.IsNullOrWhiteSpace(format))
        {
            return "is empty; write a date format such as yyyy/MM/dd";
        }

        if (format.Length == 1)
        {
            return $"\"{format}\" alone is one of .NET's standard formats; write a date format such as yyyy/MM/dd";
        }

        if (format.Length > LongestFormat)
        {
            return $"is longer than {LongestFormat} characters; write a date format such as yyyy/MM/dd";
        }

        return DateFormatTokens.Validate(format) ?? ValidatePath(format);
    }

    /// <summary>The text for a time in UTC ticks.</summary>
    public string Format(long utcTicks)
    {
        long interval = utcTicks / Granularity;
        int slot = (int)(interval % CachedTexts);
        if (_texts[slot] is { } text && _intervals[slot] == interval)
        {
            return text;
        }

        DateTime local = TimeZoneInfo.ConvertTimeFromUtc(new DateTime(utcTicks, DateTimeKind.Utc), _zone);
        text = local.ToString(Text, CultureInfo.InvariantCulture);
        _intervals[slot] = interval;
        _texts[slot] = text;
        return text;
    }

    /// <summary>Checks the text for one time: every part that a date fills in is never empty and holds letters and digits only, so all times look alike.</summary>
    private static string? ValidatePath(string format)
    {
        string sample = new DateTime(2026, 11, 22, 10, 15, 0, DateTimeKind.Utc).ToString(format, CultureInfo.InvariantCulture);
        foreach (string segment in sample.Split('/'))
        {
            if (segment.Length == 0)
            {
                return "has an empty segment; write no '/' at either end and no two together";
            }

            if (segment[0] == '.')
            {
                return $"has the segment \"{segment}\"; one that begins with a dot is hidden from file listings and query engines; leave the dot out";
            }
        }

        return null;
    }

    private static long GranularityOf(char finestUnit, TimeZoneInfo zone)
    {
        if (finestUnit == 's')
        {
            return TimeSpan.TicksPerSecond;
        }

        // Offsets in use are whole quarters of an hour, but clocks were not always changed at one: in St. John's at one
        // minute past midnight until 2011, which takes the date back. Where clocks change, ask every minute.
        const long Quarter = 15 * TimeSpan.TicksPerMinute;
        bool isSteady = !zone.SupportsDaylightSavingTime && zone.GetAdjustmentRules().Length == 0 && zone.BaseUtcOffset.Ticks % Quarter == 0;
        return finestUnit == 'm' || !isSteady ? TimeSpan.TicksPerMinute : Quarter;
    }
}
