using System.Text;
using System.Text.Json;

namespace Crash;

/// <summary>One entry: who wrote it, and a filler that follows from that, so that a reader knows each byte.</summary>
internal readonly record struct Entry(int Life, int Thread, long Number, int Fill)
{
    public byte[] ToBytes() => Encoding.ASCII.GetBytes($"{{\"life\":{Life},\"thread\":{Thread},\"number\":{Number},\"fill\":\"{FillOf()}\"}}");

    /// <summary>Reads an entry; null when it is none that a child wrote.</summary>
    public static Entry? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes);
            JsonElement root = json.RootElement;
            Entry entry = new(root.GetProperty("life").GetInt32(), root.GetProperty("thread").GetInt32(), root.GetProperty("number").GetInt64(), root.GetProperty("fill").GetString()!.Length);
            return entry.ToBytes().AsSpan().SequenceEqual(bytes.Span) ? entry : null;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private string FillOf()
    {
        // Letters that compress a little, from a generator small enough to be run for every entry again.
        uint state = unchecked((uint)((Life * 31) + Thread) * 2_654_435_761u) ^ unchecked((uint)Number);
        return string.Create(Fill, state, static (text, state) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                state = (state * 1_664_525u) + 1_013_904_223u;
                text[i] = (char)('a' + (state >> 28));
            }
        });
    }
}
