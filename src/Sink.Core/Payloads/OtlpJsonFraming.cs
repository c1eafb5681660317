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

    private readonly byte[] _beforeRest = [.. signal.DocumentOpening, .. "{}"u8];

    public override string Name => isLines ? LinesName : DocumentName;

    public override string Suffix => isLines ? ".jsonl" : ".json";

    public override string ContentType => isLines ? "application/x-ndjson" : "application/json";

    public override string NamePrefix => isLines ? "" : signal.NamePrefix;

    public override ReadOnlySpan<byte> ObjectPrefix => isLines ? default : signal.DocumentOpening;

    public override ReadOnlySpan<byte> ObjectPrefixBeforeRest => isLines ? default : _beforeRest;

    public override ReadOnlySpan<byte> ObjectSuffix => isLines ? default : "]}"u8;

    public override void Open(IBufferWriter<byte> output, ReadOnlySpan<byte> header, bool isFirst)
    {
        output.Write(isLines ? signal.DocumentOpening : isFirst ? ""u8 : ","u8);
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
                        int length = LengthOfObject(bytes[at..]);
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

        /// <summary>To the brace that closes the first; 0 when it is not there.</summary>
        private static int LengthOfObject(ReadOnlySpan<byte> json)
        {
            int depth = 0;
            for (int at = 0; at < json.Length; at++)
            {
                int next = json[at..].IndexOfAny((byte)'{', (byte)'}', (byte)'"');
                if (next < 0)
                {
                    return 0;
                }

                at += next;
                if (json[at] == (byte)'"')
                {
                    int text = LengthOfText(json[at..]);
                    if (text == 0)
                    {
                        return 0;
                    }

                    at += text - 1;
                }
                else if (json[at] == (byte)'{')
                {
                    depth++;
                }
                else if (--depth == 0)
                {
                    return at + 1;
                }
            }

            return 0;
        }

        /// <summary>To the quote that closes the first; 0 when it is not there.</summary>
        private static int LengthOfText(ReadOnlySpan<byte> json)
        {
            for (int at = 1; at < json.Length; at++)
            {
                int next = json[at..].IndexOfAny((byte)'"', (byte)'\\');
                if (next < 0)
                {
                    return 0;
                }

                at += next;
                if (json[at] == (byte)'"')
                {
                    return at + 1;
                }

                at++;
            }

            return 0;
        }
    }
}
