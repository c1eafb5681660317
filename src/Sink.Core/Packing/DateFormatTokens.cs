using System.Text;

namespace Sink.Core.Packing;

/// <summary>
/// Reads a date format as .NET does, and refuses what .NET would quietly turn into something else: <c>year=yyyy</c>
/// comes out as <c>26ear=2026</c>, for the first 'y' is a year to it.
/// </summary>
internal static class DateFormatTokens
{
    /// <summary>Specifiers that fill in letters and digits and nothing else, in the lengths that .NET documents.</summary>
    private static readonly HashSet<string> Specifiers =
        ["yyyy", "yy", "MMMM", "MMM", "MM", "M", "dddd", "ddd", "dd", "d", "HH", "H", "mm", "m", "ss", "s"];

    /// <summary>What is wrong with the format; null when every unquoted letter is a specifier.</summary>
    public static string? Validate(string format)
    {
        for (int i = 0; i < format.Length;)
        {
            char c = format[i];
            if (CharacterFault(format, i) is { } fault)
            {
                return fault;
            }

            if (c is '\'' or '"')
            {
                int end = format.IndexOf(c, i + 1);
                if (end < 0)
                {
                    return $"has a quote ({c}) without its end; write it around text of your own, as in 'year='yyyy";
                }

                // The text inside is taken as it stands, but for the characters that no key may hold.
                for (int k = i + 1; k < end; k++)
                {
                    if (CharacterFault(format, k) is { } quotedFault)
                    {
                        return quotedFault;
                    }
                }

                i = end + 1;
            }
            else if (char.IsAsciiLetter(c))
            {
                int end = EndOfWord(format, i);
                if (!IsSpecifiers(format[i..end]) || IsFollowedByEquals(format, end))
                {
                    return $"has text that .NET would read as parts of a date; put it in quotes: {Quoted(format)}";
                }

                i = end;
            }
            else if (c == '%')
            {
                return "has a '%', which .NET leaves out of the text; put it in quotes or leave it out";
            }
            else
            {
                i++;
            }
        }

        return null;
    }

    /// <summary>The finest unit in a valid format: 's', 'm' or 'H' (an hour or longer).</summary>
    public static char FinestUnit(string format)
    {
        char finest = 'H';
        char quote = '\0';
        foreach (char c in format)
        {
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == 's' || (c == 'm' && finest != 's'))
            {
                finest = c;
            }
        }

        return finest;
    }

    private static string? CharacterFault(string format, int index)
    {
        char c = format[index];
        if (c == '\\')
        {
            return "has a backslash; write '/' between segments, and quotes around text of your own";
        }

        if (char.IsControl(c))
        {
            return "has a control character; leave it out";
        }

        bool isPair = (char.IsHighSurrogate(c) && index + 1 < format.Length && char.IsLowSurrogate(format[index + 1]))
            || (char.IsLowSurrogate(c) && index > 0 && char.IsHighSurrogate(format[index - 1]));
        return char.IsSurrogate(c) && !isPair ? "has half of a character (a lone surrogate); leave it out" : null;
    }

    private static int EndOfWord(string format, int start)
    {
        int end = start;
        while (end < format.Length && char.IsAsciiLetter(format[end]))
        {
            end++;
        }

        return end;
    }

    // "m=mm" would come out as "15=15": what stands before '=' is a name, and never a date.
    private static bool IsFollowedByEquals(string format, int end) => end < format.Length && format[end] == '=';

    private static bool IsSpecifiers(string word)
    {
        for (int start = 0; start < word.Length;)
        {
            int end = start;
            while (end < word.Length && word[end] == word[start])
            {
                end++;
            }

            if (!Specifiers.Contains(word[start..end]))
            {
                return false;
            }

            start = end;
        }

        return true;
    }

    /// <summary>The format with quotes around every word that is not a specifier: what the user most likely meant.</summary>
    private static string Quoted(string format)
    {
        var quoted = new StringBuilder();
        for (int i = 0; i < format.Length;)
        {
            char c = format[i];
            int end = c is '\'' or '"' ? format.IndexOf(c, i + 1) + 1 : char.IsAsciiLetter(c) ? EndOfWord(format, i) : i + 1;
            if (end == 0)
            {
                return quoted.Append(format[i..]).ToString();
            }

            string piece = format[i..end];
            if (char.IsAsciiLetter(c) && (IsFollowedByEquals(format, end) || !IsSpecifiers(piece)))
            {
                end += IsFollowedByEquals(format, end) ? 1 : 0;
                piece = $"'{format[i..end]}'";
            }

            quoted.Append(piece);
            i = end;
        }

        return quoted.ToString();
    }
}
