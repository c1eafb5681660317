namespace Sink.Core.Delivery;

/// <summary>
/// An epoch as keys and metadata show it: 6 base-36 characters, lower case. That is 31 of its 64 bits, enough to keep the
/// keys of two opens apart that share an id, a lane and an ordinal.
/// </summary>
internal static class EpochText
{
    public const int Length = 6;

    public static string Format(ulong epoch) => string.Create(Length, epoch, static (text, rest) =>
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            text[i] = ToDigit((int)(rest % 36));
            rest /= 36;
        }
    });

    public static bool IsValid(string? text) =>
        text is { Length: Length } && text.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c));

    /// <summary>The base-36 digit of 0 to 35.</summary>
    public static char ToDigit(int value) => "0123456789abcdefghijklmnopqrstuvwxyz"[value];
}
