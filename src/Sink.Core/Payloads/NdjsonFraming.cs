using System.Buffers;

namespace Sink.Core.Payloads;

/// <summary>
/// One JSON document a line, each line ended by a line feed, the last one too. Raw carriage returns and line feeds inside
/// a payload become spaces: JSON allows them only between tokens (inside strings they are escaped), so the document's
/// value stays the same, and a line is always one entry.
/// </summary>
internal sealed class NdjsonFraming(string encoding) : Framing
{
    public const string FramingName = "ndjson";

    public static readonly NdjsonFraming Instance = new(JsonEntry.Encoding);

    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    public override string Name => FramingName;

    public override string Suffix => encoding == JsonEntry.Encoding ? ".ndjson" : SuffixOf(encoding) + ".ndjson";

    public override string ContentType => "application/x-ndjson";

    public override void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isFirst)
    {
        WriteOneLine(output, payload);
        output.GetSpan(1)[0] = LineFeed;
        output.Advance(1);
    }

    public override EntrySplitter CreateSplitter() => new Splitter();

    /// <summary>A JSON text with spaces for its line breaks.</summary>
    internal static void WriteOneLine(IBufferWriter<byte> output, ReadOnlySpan<byte> json)
    {
        Span<byte> line = output.GetSpan(json.Length + 1)[..json.Length];
        json.CopyTo(line);
        for (Span<byte> rest = line; rest.IndexOfAny(LineFeed, CarriageReturn) is >= 0 and int at; rest = rest[(at + 1)..])
        {
            rest[at] = (byte)' ';
        }

        output.Advance(json.Length);
    }

    private sealed class Splitter : EntrySplitter
    {
        public override bool TrySplit(ReadOnlySpan<byte> bytes, out Range entry, out int consumed)
        {
            int length = bytes.IndexOf(LineFeed);
            entry = length < 0 ? default : ..length;
            consumed = length + 1;
            return length >= 0;
        }
    }
}
