namespace Sink.Core.Delivery;

/// <summary>
/// Keys of objects below the destination, made by a <see cref="KeyTemplate"/>. Unique by epoch and ordinal. Nobody reads a key back: readers take every name from the metadata.
/// </summary>
internal static class ObjectKey
{
    /// <summary>S3 takes 1,024; the rest is left to the destination's prefix.</summary>
    public const int MaxBytes = 1024 - 201;

    /// <summary>Twelve digits: with fewer, keys stop sorting by ordinal within the life of a busy writer.</summary>
    public const long MaxOrdinal = 999_999_999_999;

    /// <summary>The key by the template <see cref="KeyTemplate.Default"/>.</summary>
    /// <exception cref="JournalException">The key would be longer than <see cref="MaxBytes"/>, or the ordinal has more than 12 digits.</exception>
    public static string Format(in ObjectKeyParts parts) => KeyTemplate.Default.Format(parts);

    /// <summary>The UTC time of day as the number HHmmss: 10:15:00 is 101500.</summary>
    public static int TimeOfDay(DateTimeOffset time)
    {
        DateTime utc = time.UtcDateTime;
        return (utc.Hour * 10_000) + (utc.Minute * 100) + utc.Second;
    }
}
