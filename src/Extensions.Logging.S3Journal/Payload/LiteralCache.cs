using System.Runtime.CompilerServices;

namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>
/// Strings that stand in the program's source (names, templates, categories) as they are written, found by reference. Only one that was seen before is encoded into an array,
/// so texts made for one call cost nothing. Of one thread.
/// </summary>
internal sealed class LiteralCache(Action<string, Utf8Buffer> encode)
{
    private const int Slots = 256;
    private const int MaxChars = 512;

    private readonly (string? Text, byte[]? Written)[] _slots = new (string?, byte[]?)[Slots];

    public void Write(string text, Utf8Buffer output)
    {
        ref (string? Text, byte[]? Written) slot = ref _slots[RuntimeHelpers.GetHashCode(text) & (Slots - 1)];
        if (!ReferenceEquals(slot.Text, text))
        {
            slot = text.Length <= MaxChars ? (text, null) : slot;
            encode(text, output);
        }
        else if (slot.Written is { } written)
        {
            output.Write(written);
        }
        else
        {
            int begin = output.Length;
            encode(text, output);
            slot.Written = output.Written[begin..].ToArray();
        }
    }
}
