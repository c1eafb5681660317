using System.Buffers;

namespace Sink.Core.Compressing;

/// <summary>
/// Bytes into frames that stand alone and may be concatenated, and back. An instance compresses for one thread at a
/// time; decompressing holds no state and any thread may do it.
/// </summary>
internal abstract class Compressor : IDisposable
{
    /// <summary>Name in an object's metadata.</summary>
    public abstract string Name { get; }

    /// <summary>Last part of an object's key. It is the contract with readers: Content-Encoding is never set.</summary>
    public abstract string Suffix { get; }

    /// <summary>Media type of the finished object.</summary>
    public abstract string ContentType { get; }

    /// <summary>Appends one self-contained frame; nothing for an empty input. The same input always gives the same bytes.</summary>
    public abstract void Compress(ReadOnlySpan<byte> input, IBufferWriter<byte> output);

    /// <summary>
    /// Reads concatenated frames to the end. Damage and a truncated tail throw <see cref="InvalidDataException"/> or
    /// <see cref="EndOfStreamException"/>, never end the stream silently; a cut exactly between two frames looks like an
    /// end and shows only in the count of entries. The result owns <paramref name="compressed"/>.
    /// </summary>
    public abstract Stream Decompress(Stream compressed);

    public virtual void Dispose()
    {
    }
}
