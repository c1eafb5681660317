using System.Buffers;

namespace Sink.Core.Payloads;

/// <summary>
/// How payloads stand one after the other in an object, before compression. Each compressed frame is opened, filled and closed;
/// what stands before the first and behind the last are frames of their own, so that rot in one costs no structure.
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

    /// <summary>Opens an object; empty when nothing does.</summary>
    public virtual ReadOnlySpan<byte> ObjectPrefix => default;

    /// <summary>Opens an object whose first frame was lost: what follows it was written to have something before it.</summary>
    public virtual ReadOnlySpan<byte> ObjectPrefixBeforeRest => ObjectPrefix;

    /// <summary>Closes an object.</summary>
    public virtual ReadOnlySpan<byte> ObjectSuffix => default;

    /// <summary>Begins a compressed frame, in an empty buffer.</summary>
    /// <param name="output">The buffer.</param>
    /// <param name="header">What the entries of the frame share.</param>
    /// <param name="isFirst">Whether it is the object's first.</param>
    public virtual void Open(IBufferWriter<byte> output, ReadOnlySpan<byte> header, bool isFirst)
    {
    }

    /// <summary>Appends one entry.</summary>
    /// <param name="output">The buffer of the frame.</param>
    /// <param name="payload">The entry.</param>
    /// <param name="isFirst">Whether it is the frame's first.</param>
    public abstract void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isFirst);

    /// <summary>Ends a compressed frame.</summary>
    /// <param name="output">The buffer.</param>
    /// <param name="written">What it holds from <see cref="Open"/> on: may be changed, before anything more is written.</param>
    public virtual void Close(IBufferWriter<byte> output, Span<byte> written)
    {
    }

    /// <summary>For one object read from its beginning.</summary>
    public abstract EntrySplitter CreateSplitter();

    /// <summary>The framing that an object's metadata names, or null when this version does not know it.</summary>
    public static Framing? Find(string name, string encoding) => name switch
    {
        NdjsonFraming.FramingName => NdjsonFraming.Instance,
        LengthFraming.FramingName => LengthFraming.Instance,
        OtlpJsonFraming.LinesName or OtlpJsonFraming.DocumentName when OtlpSignal.Find(encoding) is { } signal => new OtlpJsonFraming(signal, isLines: name == OtlpJsonFraming.LinesName),
        OtlpProtobufFraming.FramingName when OtlpSignal.Find(encoding) is { } signal => new OtlpProtobufFraming(signal),
        _ => null,
    };
}
