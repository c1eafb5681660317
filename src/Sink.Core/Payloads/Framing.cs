using System.Buffers;
using Sink.Core.Compressing;

namespace Sink.Core.Payloads;

/// <summary>
/// How payloads stand one after the other in an object, before compression. Each compressed frame is opened, filled and closed;
/// what stands before the first, between two and behind the last are frames of their own, so that rot in one costs no structure.
/// </summary>
internal abstract class Framing
{
    /// <summary>Name in an object's metadata.</summary>
    public abstract string Name { get; }

    /// <summary>Part of an object's key, before the compression's suffix.</summary>
    public abstract string Suffix { get; }

    /// <summary>Media type of an object that is not compressed.</summary>
    public abstract string ContentType { get; }

    /// <summary>What the last part of an object's key begins with.</summary>
    public virtual string NamePrefix => "";

    /// <summary>What stands between or behind entries, where that is the stream's to choose; else null.</summary>
    public virtual string? Delimiter => null;

    /// <summary>Opens an object; empty when nothing does.</summary>
    public virtual ReadOnlySpan<byte> ObjectPrefix => default;

    /// <summary>Stands between two compressed frames with entries.</summary>
    public virtual ReadOnlySpan<byte> Between => default;

    /// <summary>Closes an object.</summary>
    public virtual ReadOnlySpan<byte> ObjectSuffix => default;

    /// <summary>Whether a reader can tell where an entry ends.</summary>
    public virtual bool CanSplit => true;

    /// <summary>Begins a compressed frame, in an empty buffer.</summary>
    /// <param name="output">The buffer.</param>
    /// <param name="header">What the entries of the frame share.</param>
    public virtual void Open(IBufferWriter<byte> output, ReadOnlySpan<byte> header)
    {
    }

    /// <summary>Appends one entry.</summary>
    /// <param name="output">The buffer of the frame.</param>
    /// <param name="payload">The entry.</param>
    /// <param name="isFirst">Whether it is the frame's first.</param>
    public abstract void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isFirst);

    /// <summary>Whether a reader will find the entry as one. Where it is not, its bytes are written all the same.</summary>
    public virtual bool IsTold(ReadOnlySpan<byte> payload) => true;

    /// <summary>Ends a compressed frame.</summary>
    /// <param name="output">The buffer.</param>
    /// <param name="written">What it holds from <see cref="Open"/> on: may be changed, before anything more is written.</param>
    public virtual void Close(IBufferWriter<byte> output, Span<byte> written)
    {
    }

    /// <summary>For one object read from its beginning.</summary>
    public abstract EntrySplitter CreateSplitter();

    /// <summary>The framing that an object's metadata names, or null when this version does not know it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="encoding">What an entry is.</param>
    /// <param name="delimiter">What stands between or behind entries; only for the framings that have one.</param>
    public static Framing? Find(string name, string encoding, string? delimiter = null) => name switch
    {
        NdjsonFraming.FramingName => encoding == JsonEntry.Encoding ? NdjsonFraming.Instance : new NdjsonFraming(encoding),
        JsonArrayFraming.FramingName => new JsonArrayFraming(encoding),
        LengthFraming.FramingName => new LengthFraming(encoding),
        ConcatenatedFraming.FramingName => new ConcatenatedFraming(encoding),
        EventbufFraming.FramingName => EventbufFraming.Instance,
        DelimitedFraming.DelimitedName or DelimitedFraming.SeparatedName when delimiter is not null && DelimitedFraming.IsDelimiter(delimiter) => new DelimitedFraming(encoding, delimiter, isBetween: name == DelimitedFraming.SeparatedName),
        OtlpJsonFraming.LinesName or OtlpJsonFraming.DocumentName when OtlpSignal.Find(encoding) is { } signal => new OtlpJsonFraming(signal, isLines: name == OtlpJsonFraming.LinesName),
        OtlpProtobufFraming.FramingName when OtlpSignal.Find(encoding) is { } signal => new OtlpProtobufFraming(signal),
        _ => null,
    };

    /// <summary>
    /// An encoding's part of a suffix. A '.' in it would begin a suffix of its own, a '+' is a space to those who decode keys as forms, and behind
    /// the name of a compression a reader would look for its frames.
    /// </summary>
    protected static string SuffixOf(string encoding)
    {
        string plain = encoding.Replace('.', '-').Replace('+', '-');
        return FrameKind.BuiltIn.Any(kind => kind.Suffix.Equals("." + plain, StringComparison.OrdinalIgnoreCase)) ? $".x-{plain}" : "." + plain;
    }
}
