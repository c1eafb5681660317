using System.Buffers;
using Sink.Core.Packing;
using Sink.Core.Payloads;

namespace Sink.Core.Tests.Payloads;

/// <summary>An object's bytes as they are written frame by frame, and read in pieces.</summary>
internal static class Framed
{
    /// <summary>Of each framing one way to find it.</summary>
    public static TheoryData<string, string, string?> All() => new()
    {
        { "ndjson", "json", null },
        { "json-array", "json", null },
        { "length", "unknown", null },
        { "concatenated", "json", null },
        { "concatenated", "msgpack", null },
        { "delimited", "text", "\r\n" },
        { "separated", "text", ", " },
        { "eventbuf-v2", "eventbuf-v2", null },
        { "otlp-json", "otlp-logs", null },
        { "otlp-jsonl", "otlp-logs", null },
        { "otlp-binpb", "otlp-logs", null },
    };

    public static byte[] Write(Framing framing, byte[][][] frames, ReadOnlySpan<byte> header = default)
    {
        ArrayBufferWriter<byte> output = new();
        output.Write(framing.ObjectPrefix);
        for (int i = 0; i < frames.Length; i++)
        {
            output.Write(i == 0 ? default : framing.Between);
            output.Write(Frame(framing, frames[i], header));
        }

        output.Write(framing.ObjectSuffix);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What is read when never more than so many bytes come at once; fails where the object would be taken for cut off.</summary>
    public static List<byte[]> Read(Framing framing, byte[] bytes, int piece)
    {
        EntrySplitter splitter = framing.CreateSplitter();
        List<byte[]> entries = [];
        int start = 0;
        for (int end = Math.Min(piece, bytes.Length); ; end = Math.Min(end + piece, bytes.Length))
        {
            while (splitter.TrySplit(bytes.AsSpan(start, end - start), out Range entry, out int consumed))
            {
                entries.Add(bytes.AsSpan(start, end - start)[entry].ToArray());
                Assert.True(consumed > 0);
                start += consumed;
            }

            if (end < bytes.Length)
            {
                continue;
            }

            if (splitter.EndsEntry)
            {
                entries.Add(bytes[start..]);
                start = bytes.Length;
            }

            Assert.True(splitter.IsEnd(bytes.AsSpan(start)));
            return entries;
        }
    }

    /// <summary>An entry of that encoding, made of a JSON document.</summary>
    public static byte[] NewEntry(string encoding, byte[] json)
    {
        ArrayBufferWriter<byte> entry = new();
        switch (encoding)
        {
            case "eventbuf-v2":
                Eventbuf.Write(entry, "[\"web01\",42]"u8, "\"pageview\""u8, json, DateTimeOffset.UnixEpoch.AddDays(20_000));
                break;
            case "msgpack":
                MessagePackWriter.WriteArrayHead(entry, 2);
                MessagePackWriter.WriteInteger(entry, (long)json.Length << 30);
                MessagePackWriter.WriteRaw(entry, json);
                break;
            default:
                return json;
        }

        return entry.WrittenSpan.ToArray();
    }

    private static byte[] Frame(Framing framing, byte[][] entries, ReadOnlySpan<byte> header)
    {
        using PooledBuffer frame = new();
        framing.Open(frame, header);
        for (int i = 0; i < entries.Length; i++)
        {
            framing.Write(frame, entries[i], isFirst: i == 0);
        }

        framing.Close(frame, frame.Written);
        return frame.Written.ToArray();
    }
}
