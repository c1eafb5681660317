using System.Reflection;

namespace S3Journal.Adapters;

internal static class ProgramName
{
    private const int MaxLength = 64;

    /// <summary>The stream of a program that names none: its entry assembly's name.</summary>
    public static string AsStream() => Clean(Assembly.GetEntryAssembly()?.GetName().Name);

    /// <summary>A name fit for a key and readable there: other characters than letters, digits, '_', '.' and '-' become '-'.</summary>
    public static string Clean(string? name)
    {
        string cleaned = string.Concat((name ?? "").Take(MaxLength).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' ? c : '-')).Trim('.');
        while (cleaned.Contains("..", StringComparison.Ordinal))
        {
            cleaned = cleaned.Replace("..", ".", StringComparison.Ordinal);
        }

        return cleaned.Length == 0 ? "app" : cleaned;
    }
}
