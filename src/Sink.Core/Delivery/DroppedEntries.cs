namespace Sink.Core.Delivery;

/// <summary>Entries that will not be delivered, by cause, since the previous object.</summary>
/// <param name="Policy">Refused when the journal was full.</param>
/// <param name="GivenUp">In sealed objects that <see cref="WhenFull.DropOldest"/> gave up.</param>
/// <param name="Quarantined">In damaged ranges that were set aside, as far as they could be counted.</param>
internal readonly record struct DroppedEntries(long Policy, long GivenUp, long Quarantined)
{
    public bool IsNone => this == default;

    public static DroppedEntries operator +(DroppedEntries left, DroppedEntries right) =>
        new(left.Policy + right.Policy, left.GivenUp + right.GivenUp, left.Quarantined + right.Quarantined);
}
