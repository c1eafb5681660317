using System.Globalization;

namespace Sink.Core.Delivery;

/// <summary>One piece of a <see cref="KeyTemplate"/>.</summary>
internal sealed record KeyPart(KeyToken Token)
{
    /// <summary>Of <see cref="KeyToken.Text"/>.</summary>
    public string Text { get; init; } = "";

    /// <summary>A date format in the invariant culture; null for <see cref="KeyToken.Time"/> as HHmmss, and for the partition's date.</summary>
    public string? Format { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public StreamPart Stream { get; init; } = StreamPart.Whole;

    public string Fill(in ObjectKeyParts parts) => Token switch
    {
        KeyToken.Text => Text,
        KeyToken.Stream => Stream.Of(parts.Stream),
        KeyToken.Date => parts.Partition,
        KeyToken.Time => Format is null ? parts.Time.ToString("D6", CultureInfo.InvariantCulture) : Date(parts.SealedUtcTicks),
        KeyToken.First => Date(parts.FirstUtcTicks),
        KeyToken.Last => Date(parts.LastUtcTicks),
        KeyToken.Id => parts.Id,
        KeyToken.Epoch => parts.Epoch,
        KeyToken.Ordinal => parts.Ordinal.ToString("D12", CultureInfo.InvariantCulture),
        KeyToken.Prefix => parts.NamePrefix,
        KeyToken.Suffixes => "." + parts.Suffix,
        _ => throw new InvalidOperationException($"Unknown part {Token}."),
    };

    private string Date(long utcTicks)
    {
        DateTime utc = new(Math.Clamp(utcTicks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
        return TimeZoneInfo.ConvertTimeFromUtc(utc, Zone).ToString(Format, CultureInfo.InvariantCulture);
    }
}
