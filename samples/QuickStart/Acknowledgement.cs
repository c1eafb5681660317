namespace QuickStart;

/// <summary>A line between child and parent: the events of a thread up to this one were logged. The sign at its end tells a whole line from a torn one.</summary>
internal static class Acknowledgement
{
    private const char End = ';';

    public static string Line(int thread, long sequence) => $"{thread} {sequence}{End}\n";

    public static bool TryRead(string line, out int thread, out long sequence)
    {
        thread = 0;
        sequence = 0;
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && line[^1] == End && int.TryParse(line.AsSpan(0, space), out thread) && long.TryParse(line.AsSpan(space + 1, line.Length - space - 2), out sequence);
    }
}
