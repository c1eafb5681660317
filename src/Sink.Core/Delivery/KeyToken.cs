namespace Sink.Core.Delivery;

/// <summary>What a part of a key is filled from.</summary>
internal enum KeyToken
{
    Text,
    Stream,
    Date,
    Time,
    First,
    Last,
    Id,
    Epoch,
    Ordinal,
    Prefix,
    Suffixes,
}
