using Sink.Core.Delivery;

namespace Sink.Core;

/// <summary>An object that the store has confirmed: see <see cref="JournalOptions.OnObjectDelivered"/>.</summary>
public sealed record DeliveredObject
{
    /// <summary>Its key in the destination, as a <see cref="JournalReader"/> lists it: below the prefix of an <c>s3://</c> destination.</summary>
    public required string Key { get; init; }

    /// <summary>The stream whose entries it holds.</summary>
    public required string Stream { get; init; }

    /// <summary>Entries in it.</summary>
    public required long Entries { get; init; }

    /// <summary>Its length in the store, in bytes: compressed.</summary>
    public required long Bytes { get; init; }

    /// <summary>Its length before compression, in bytes.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The least timestamp of its entries, to the millisecond.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The greatest timestamp of its entries, to the millisecond.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>When its first entry was packed, by the journal's clock.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When the store's answer had come, by the journal's clock.</summary>
    public required DateTimeOffset DeliveredAt { get; init; }

    /// <summary>How long the last put took; zero when none was needed, for an earlier process had put the object.</summary>
    public required TimeSpan PutTime { get; init; }

    /// <summary>The lane that delivered it: 0 for the first process of a directory.</summary>
    public required int Lane { get; init; }

    /// <summary>Its number in its lane, from 0 on. A higher one may be delivered first, but for objects of the same stream and date.</summary>
    public required long Ordinal { get; init; }

    /// <summary>Null with what is wrong when the metadata is none that this version reads.</summary>
    internal static DeliveredObject? From(Sidecar sidecar, int lane, DateTimeOffset now, TimeSpan putTime, out string fault)
    {
        if (!ObjectMetadata.TryParse(sidecar.Metadata, out ObjectMetadata? metadata, out fault))
        {
            return null;
        }

        return new DeliveredObject
        {
            Key = sidecar.Key,
            Stream = metadata.Stream,
            Entries = metadata.Entries,
            Bytes = sidecar.Length,
            RawBytes = metadata.RawBytes,
            Start = TimeOf(metadata.Start),
            End = TimeOf(metadata.End ?? metadata.Start),
            OpenedAt = new DateTimeOffset(Math.Clamp(sidecar.OpenedUtcTicks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero),
            DeliveredAt = now,
            PutTime = putTime,
            Lane = lane,
            Ordinal = metadata.Ordinal,
        };

        // No file guards itself against a clock that nobody had.
        static DateTimeOffset TimeOf(long milliseconds) =>
            DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }
}
