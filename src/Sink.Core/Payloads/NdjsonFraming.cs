using System.Buffers;

namespace Sink.Core.Payloads;

/// <summary>
/// One JSON document a line, each line ended by a line feed, the last one too. Raw carriage returns and line feeds inside
/// a payload become spaces: JSON allows them only between tokens (inside strings they are escaped), so the document's
/// value stays the same, and a line is always one entry.
/// </summary>
internal sealed class NdjsonFraming : Framing
{
    public static readonly NdjsonFraming Instance = new();

    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private NdjsonFraming()
    {
    }

    public override string Name => "ndjson";

    public override string Suffix => ".ndjson";

    public override string ContentType => "application/x-ndjson";

    public override void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        Span<byte> line = output.GetSpan(payload.Length + 1)[..(payload.Length + 1)];
        payload.CopyTo(line);
        Span<byte> rest = line[..payload.Length];
        for (int at = rest.IndexOfAny(LineFeed, CarriageReturn); at >= 0; at = rest.IndexOfAny(LineFeed, CarriageReturn))
        {
            rest[at] = (byte)' ';
            rest = rest[(at + 1)..];
        }

        line[^1] = LineFeed;
        output.Advance(line.Length);
    }

    public override bool TrySplit(ReadOnlySpan<byte> bytes, out int entryLength, out int consumed)
    {
        entryLength = bytes.IndexOf(LineFeed);
        consumed = entryLength + 1;
        return entryLength >= 0;
    }
}
