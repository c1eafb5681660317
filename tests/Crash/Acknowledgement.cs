using System.Globalization;

namespace Crash;

/// <summary>A line from child to parent: the entries of a thread up to this one were stored. The sign at its end tells a whole line from a torn one.</summary>
internal static class Acknowledgement
{
    private const char End = ';';

    public static string Line(int thread, long number) => string.Create(CultureInfo.InvariantCulture, $"{thread} {number}{End}\n");

    public static bool TryRead(string line, out int thread, out long number)
    {
        thread = 0;
        number = 0;
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0
            && line[^1] == End
            && int.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out thread)
            && long.TryParse(line.AsSpan(space + 1, line.Length - space - 2), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
