namespace Sink.Core.Options;

/// <summary>Names of streams by a pattern: see <see cref="StreamRule.Match"/>.</summary>
internal static class StreamPattern
{
    private const int MaxLength = 1024;

    /// <summary>What is wrong with the pattern, or null.</summary>
    public static string? Check(string? pattern)
    {
        if (string.IsNullOrWhiteSpace(pattern))
        {
            return "is missing; write the names it is for, such as \"orders/*\", or \"**\" for all";
        }

        if (pattern.Length > MaxLength || pattern.Any(char.IsControl) || pattern.Contains('\\'))
        {
            return $"has more than {MaxLength} characters, a backslash or a control character, and no stream's name has; write '/' between segments";
        }

        return pattern.StartsWith('/') || pattern.EndsWith('/') || pattern.Contains("//", StringComparison.Ordinal)
            ? $"is \"{pattern}\", which no stream's name is: they have no '/' at either end and no two together"
            : null;
    }

    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // The last wildcard of each kind, and the name's part it has taken: what fails later gives it one character more.
        // One '*' may stay short and a '**' before it take over; the other way round there is nothing to win.
        (int Pattern, int Name) one = (-1, 0);
        (int Pattern, int Name) many = (-1, 0);
        int p = 0;
        int n = 0;
        while (n < name.Length || p < pattern.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                bool isMany = p + 1 < pattern.Length && pattern[p + 1] == '*';
                p += isMany ? 2 : 1;
                if (isMany)
                {
                    many = (p, n);
                    one = (-1, 0);
                }
                else
                {
                    one = (p, n);
                }
            }
            else if (p < pattern.Length && n < name.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (one.Pattern >= 0 && one.Name < name.Length && name[one.Name] != '/')
            {
                one.Name++;
                (p, n) = one;
            }
            else if (many.Pattern >= 0 && many.Name < name.Length)
            {
                many.Name++;
                one = (-1, 0);
                (p, n) = many;
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
