using Sink.Core.Compressing;
using Sink.Core.Payloads;

namespace Sink.Core.Packing;

/// <summary>How the entries of a stream are packed. Used by the packing thread only.</summary>
internal sealed class StreamForm
{
    public const string DefaultEncoding = "json";

    private StreamForm(StreamDefinition? definition, Framing framing, string encoding, FrameCoder coder)
    {
        Definition = definition;
        Framing = framing;
        Encoding = encoding;
        Coder = coder;
    }

    /// <summary>Null for streams as the journal's own settings make them.</summary>
    public StreamDefinition? Definition { get; }

    public Framing Framing { get; }

    public string Encoding { get; }

    /// <summary>How its frames are made from here on.</summary>
    public FrameCoder Coder { get; private init; }

    /// <summary>Whether that is as the definition says, and not as the journal does.</summary>
    public bool HasOwnCompression => Definition?.Compression is { } own && Coder.Kind == FrameKind.Of(own);

    public ReadOnlySpan<byte> Header => Definition?.Header;

    /// <summary>The definition as the log has it: also one that cannot be read here is kept, for a machine that can.</summary>
    public byte[] Encoded { get; private init; } = [];

    /// <summary>It asks for what this version or machine does not know; entries are kept as those of a lost one.</summary>
    public bool IsUnknown { get; private init; }

    /// <summary>Whether it was said that an entry holds the delimiter.</summary>
    public bool HasNotedDelimiter { get; set; }

    /// <summary>The stream's own dates; null: the journal's.</summary>
    public PartitionFormat? Format { get; private init; }

    /// <summary>Where the log has the definition; entries behind it are of this form.</summary>
    public long Since { get; private init; }

    public static StreamForm Default(PackingSettings packing, FrameCoder coder) => new(null, packing.GetFraming(), DefaultEncoding, coder);

    /// <summary>By which entries name it: see <see cref="Log.FrameTag"/>.</summary>
    public int Number { get; private init; }

    /// <param name="encoded">The definition as the log has it.</param>
    /// <param name="number">Of it.</param>
    /// <param name="since">Where the log has it.</param>
    /// <param name="coderOf">How frames are made under a definition, here and now.</param>
    public static StreamForm Of(byte[] encoded, int number, long since, Func<StreamDefinition, FrameCoder> coderOf)
    {
        StreamDefinition? known = StreamDefinition.TryDecode(encoded);
        StreamDefinition definition = known ?? StreamDefinition.Lost;
        return new StreamForm(definition, definition.GetFraming(), definition.Encoding, coderOf(definition))
        {
            Encoded = encoded,
            IsUnknown = known is null,
            Format = definition.CreatePartitionFormat(),
            Number = number,
            Since = since,
        };
    }

    /// <summary>The same, with frames made otherwise; only while no object of it is open.</summary>
    public StreamForm MadeBy(FrameCoder coder) => new(Definition, Framing, Encoding, coder) { Encoded = Encoded, IsUnknown = IsUnknown, Format = Format, Number = Number, Since = Since };

    /// <summary>Whether an object begun under this form may go on under the other.</summary>
    public bool GoesOnAs(StreamForm other) => Definition is not null && other.Definition is not null && Definition.GoesOnAs(other.Definition);
}
