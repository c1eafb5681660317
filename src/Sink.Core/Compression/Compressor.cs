using System.Buffers;

namespace Sink.Core;

/// <summary>
/// Bytes into frames that stand alone and may be concatenated, and back. For one of your own see
/// <see cref="JournalOptions.UseCompressor"/>. An instance compresses for one thread at a time; a journal makes several.
/// </summary>
public abstract class Compressor : IDisposable
{
    /// <summary>Name in an object's metadata: 1 to 16 letters, digits, '-', '_', '.' and '+'; not one of a built-in compression. The same for all instances.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Last part of an object's key, such as <c>.lz4</c>: it tells readers what the object is, for Content-Encoding is never
    /// set. A dot, then 1 to 15 lower-case letters, digits, '-' and '_'. That of a built-in compression promises its format.
    /// </summary>
    public abstract string Suffix { get; }

    /// <summary>Media type of the finished object, ASCII, at most 100 characters.</summary>
    public abstract string ContentType { get; }

    /// <summary>
    /// Appends one self-contained frame, so that frames one after the other decompress to their inputs one after the other;
    /// nothing for an empty input. The same input should give the same bytes. What it throws costs no entry: after three
    /// tries, each with a new instance, the journal goes on without this compressor.
    /// </summary>
    public abstract void Compress(ReadOnlySpan<byte> input, IBufferWriter<byte> output);

    /// <summary>
    /// Reads concatenated frames to the end. Damage and a truncated tail throw <see cref="InvalidDataException"/> or
    /// <see cref="EndOfStreamException"/>, never end the stream silently; a cut exactly between two frames looks like an
    /// end and shows only in the count of entries. Holds no state, any thread may call it, and the stream outlives the
    /// compressor. The result owns <paramref name="compressed"/>, which can be read forward only.
    /// </summary>
    public abstract Stream Decompress(Stream compressed);

    /// <summary>Gives back what the instance holds.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()" />
    protected virtual void Dispose(bool disposing)
    {
    }
}
