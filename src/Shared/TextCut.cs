using System.Text.Unicode;

namespace S3Journal.Adapters;

/// <summary>How much of its texts an entry keeps that is too large for the journal.</summary>
internal static class TextCut
{
    public const int MaxBytes = 8 * 1024;

    /// <summary>As much of the text as <see cref="MaxBytes"/> of UTF-8 hold, in whole characters.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> text)
    {
        if (text.Length <= MaxBytes / 3)
        {
            return text;
        }

        Span<byte> utf8 = stackalloc byte[MaxBytes];
        Utf8.FromUtf16(text, utf8, out int read, out _);
        return text[..read];
    }
}
