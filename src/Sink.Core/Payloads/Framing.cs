using System.Buffers;

namespace Sink.Core.Payloads;

/// <summary>How payloads stand one after the other in an object, before compression.</summary>
internal abstract class Framing
{
    /// <summary>Name in an object's metadata.</summary>
    public abstract string Name { get; }

    /// <summary>Part of an object's key, before the compression's suffix.</summary>
    public abstract string Suffix { get; }

    /// <summary>Media type of an object that is not compressed.</summary>
    public abstract string ContentType { get; }

    /// <summary>Appends one entry.</summary>
    public abstract void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload);

    /// <summary>
    /// Finds the first entry in <paramref name="bytes"/>: it begins at 0, has <paramref name="entryLength"/> bytes, and the
    /// next begins at <paramref name="consumed"/>. False when the bytes hold no whole entry: more must be read, and at the
    /// end of an object any bytes left are a truncated tail.
    /// </summary>
    public abstract bool TrySplit(ReadOnlySpan<byte> bytes, out int entryLength, out int consumed);

    /// <summary>The framing that an object's metadata names, or null when this version does not know it.</summary>
    public static Framing? FromName(string name) => name == NdjsonFraming.Instance.Name ? NdjsonFraming.Instance : null;
}
