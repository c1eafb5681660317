using System.Buffers;

namespace Sink.Core.Payloads;

/// <summary>
/// OTLP JSON. As lines a compressed frame is one line with a whole document; as a document an object is one, and a frame one of its resources. An entry is a ScopeLogs or
/// ScopeSpans, the header what stands beside them. Lines: OTLP's file exporter format; documents: what the Collector's S3 receiver reads one of from each <c>.json</c> object.
/// </summary>
internal sealed class OtlpJsonFraming(OtlpSignal signal, bool isLines) : Framing
{
    public const string LinesName = "otlp-jsonl";
    public const string DocumentName = "otlp-json";

    public override string Name => isLines ? LinesName : DocumentName;

    public override string Suffix => isLines ? ".jsonl" : ".json";

    public override string ContentType => isLines ? "application/x-ndjson" : "application/json";

    public override string NamePrefix => isLines ? "" : signal.NamePrefix;

    public override ReadOnlySpan<byte> ObjectPrefix => isLines ? default : signal.DocumentOpening;

    public override ReadOnlySpan<byte> Between => isLines ? default : ","u8;

    public override ReadOnlySpan<byte> ObjectSuffix => isLines ? default : "]}"u8;

    public override void Open(IBufferWriter<byte> output, ReadOnlySpan<byte> header)
    {
        output.Write(isLines ? signal.DocumentOpening : ""u8);
        output.Write("{"u8);
        if (!header.IsEmpty)
        {
            NdjsonFraming.WriteOneLine(output, header);
            output.Write(","u8);
        }

        output.Write(signal.ScopesOpening);
    }

    public override void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, bool isFirst)
    {
        output.Write(isFirst ? ""u8 : ","u8);
        NdjsonFraming.WriteOneLine(output, payload.IsEmpty ? "{}"u8 : payload);
    }

    public override void Close(IBufferWriter<byte> output, Span<byte> written) => output.Write(isLines ? "]}]}\n"u8 : "]}"u8);

    public override EntrySplitter CreateSplitter() => new Splitter(signal);

    private sealed class Splitter(OtlpSignal signal) : EntrySplitter
    {
        private bool _isInScopes;

        public override bool TrySplit(ReadOnlySpan<byte> bytes, out Range entry, out int consumed)
        {
            entry = default;
            consumed = 0;
            bool isInScopes = _isInScopes;
            for (int at = 0; at < bytes.Length;)
            {
                if (!isInScopes)
                {
                    int opening = bytes[at..].IndexOf(signal.ScopesOpening);
                    if (opening < 0)
                    {
                        return false;
                    }

                    at += opening + signal.ScopesOpening.Length;
                    isInScopes = true;
                    continue;
                }

                switch (bytes[at])
                {
                    case (byte)'{':
                        int length = JsonScan.LengthOfValue(bytes[at..]);
                        if (length == 0)
                        {
                            return false;
                        }

                        entry = at..(at + length);
                        consumed = at + length;
                        _isInScopes = true;
                        return true;
                    case (byte)']':
                        isInScopes = false;
                        break;
                    case (byte)',' or (byte)' ' or (byte)'\t':
                        break;
                    default:
                        throw new InvalidDataException($"An entry cannot begin with the byte {bytes[at]:x2}.");
                }

                at++;
            }

            return false;
        }

        /// <summary>What closes brackets, and line feeds.</summary>
        public override bool IsEnd(ReadOnlySpan<byte> rest) =>
            !rest.ContainsAnyExcept("]}\n \t"u8) && rest.Count((byte)']') == (_isInScopes ? 2 : 0) && rest.Count((byte)'}') == (_isInScopes ? 2 : 0);
    }
}
