using System.Globalization;
using System.Text;

namespace Sink.Core.Delivery;

/// <summary>
/// Keys of objects below the destination: <c>{shard}/{stream}/{date}/{framing's prefix}{HHmmss}-{id}-{epoch}-{ordinal}.{framing}.{compression}</c>.
/// Unique by epoch and ordinal. Nobody reads a key back: readers take every name from the metadata.
/// </summary>
internal static class ObjectKey
{
    /// <summary>S3 takes 1,024; the rest is left to the destination's prefix.</summary>
    public const int MaxBytes = 1024 - 201;

    /// <summary>Twelve digits: with fewer, keys stop sorting by ordinal within the life of a busy writer.</summary>
    public const long MaxOrdinal = 999_999_999_999;

    /// <exception cref="JournalException">The key would be longer than <see cref="MaxBytes"/>, or the ordinal has more than 12 digits.</exception>
    public static string Format(in ObjectKeyParts parts)
    {
        if (parts.Ordinal is < 0 or > MaxOrdinal)
        {
            throw new JournalException(string.Create(CultureInfo.InvariantCulture, $"The ordinal {parts.Ordinal} does not fit the 12 digits of a key."));
        }

        var key = new StringBuilder();
        if (parts.Shards is { } shards)
        {
            key.Append(EpochText.ToDigit((int)(parts.Ordinal % shards))).Append('/');
        }

        key.Append(parts.Stream).Append('/').Append(parts.Partition).Append('/');
        key.Append(CultureInfo.InvariantCulture, $"{parts.NamePrefix}{parts.Time:D6}-{parts.Id}-{parts.Epoch}-{parts.Ordinal:D12}.{parts.Suffix}");

        string text = key.ToString();
        int bytes = Encoding.UTF8.GetByteCount(text);
        return bytes <= MaxBytes
            ? text
            : throw new JournalException(string.Create(
                CultureInfo.InvariantCulture,
                $"The key of the stream \"{parts.Stream}\" is {bytes} bytes, and {MaxBytes} are allowed: shorten the stream's name or DirectoryFormat."));
    }

    /// <summary>The UTC time of day as the number HHmmss: 10:15:00 is 101500.</summary>
    public static int TimeOfDay(DateTimeOffset time)
    {
        DateTime utc = time.UtcDateTime;
        return (utc.Hour * 10_000) + (utc.Minute * 100) + utc.Second;
    }
}
