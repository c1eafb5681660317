namespace Sink.Core.Payloads;

/// <summary>Cuts the decompressed bytes of one object into entries, from its beginning on.</summary>
internal abstract class EntrySplitter
{
    /// <summary>
    /// Finds the next entry in <paramref name="bytes"/>, which begin where the last call left off, at what it consumed. False when they hold no
    /// whole entry: nothing is consumed, and the call is made again with more, or <see cref="EndsEntry"/> and <see cref="IsEnd"/> judge.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are none that the framing writes.</exception>
    public abstract bool TrySplit(ReadOnlySpan<byte> bytes, out Range entry, out int consumed);

    /// <summary>Whether what is left at the end of an object is its last entry, for nothing but the end ends it. It is whole when the object is.</summary>
    public virtual bool EndsEntry => false;

    /// <summary>Whether an object may end with these bytes behind the last entry; else it is cut off.</summary>
    public virtual bool IsEnd(ReadOnlySpan<byte> rest) => rest.IsEmpty;
}
