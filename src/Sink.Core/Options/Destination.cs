namespace Sink.Core.Options;

/// <summary>Where objects go.</summary>
/// <param name="Scheme">Lower case.</param>
/// <param name="Location">As the user wrote it, without secrets, for messages.</param>
/// <param name="DirectoryPath">The absolute directory of a <c>file</c> destination.</param>
internal sealed record Destination(string Scheme, string Location, string DirectoryPath)
{
    public const string FileScheme = "file";

    private const string Example = "file:///var/lib/myapp/objects";

    /// <summary>Reads the option; null with what is wrong and what to do. The message never repeats a part that may hold a secret.</summary>
    public static Destination? Parse(string? text, out string error)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            error = $"is required; write where objects go, such as {Example}";
            return null;
        }

        int colon = text.IndexOf(':');
        string scheme = colon > 1 ? text[..colon].ToLowerInvariant() : "";
        if (scheme == FileScheme)
        {
            return ParseFile(text, out error);
        }

        if (scheme == "s3")
        {
            error = "s3:// is not supported by this version; write file:///dir";
        }
        else if (scheme.Length > 0 && scheme.All(char.IsAsciiLetterOrDigit))
        {
            error = $"{scheme}:// is not a known kind of destination; write file:///dir";
        }
        else
        {
            error = $"is a path, not a URI; write {UriOfPath(text)}";
        }

        return null;
    }

    private static Destination? ParseFile(string text, out string error)
    {
        string rest = text[(FileScheme.Length + 1)..];
        error = FaultOf(rest);
        if (error.Length > 0)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || !uri.IsFile || uri.IsUnc)
        {
            error = $"is not a URI that .NET can read; write it as {Example}";
            return null;
        }

        string path = uri.LocalPath;
        if (path.Any(char.IsControl) || !Path.IsPathFullyQualified(path))
        {
            error = $"is not an absolute path on this system; write it as {Example}";
            return null;
        }

        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (path == Path.GetPathRoot(path))
        {
            error = $"is the root of the file system; name a directory, such as {Example}";
            return null;
        }

        return new Destination(FileScheme, text, path);
    }

    /// <summary>What is wrong with the part behind <c>file:</c>, or empty.</summary>
    private static string FaultOf(string rest)
    {
        if (!rest.StartsWith("///", StringComparison.Ordinal))
        {
            return rest.Contains('@')
                ? $"holds user information, and a file has none; write {Example}"
                : $"names a host or a relative path; write an absolute path behind three slashes, as file:///{rest.TrimStart('/')}";
        }

        if (rest.StartsWith("////", StringComparison.Ordinal))
        {
            return $"has four slashes, which names a host; write three, as in {Example}";
        }

        if (rest.AsSpan().ContainsAny('?', '#'))
        {
            return "has a query or fragment; where the path itself holds '?' or '#', write %3F or %23";
        }

        return rest.Contains('\\') ? "holds a backslash; write '/', as in file:///C:/logs" : "";
    }

    private static string UriOfPath(string path)
    {
        string slashed = path.Replace('\\', '/');
        bool hasDrive = slashed.Length > 1 && char.IsAsciiLetter(slashed[0]) && slashed[1] == ':';
        if (slashed[0] != '/' && !hasDrive)
        {
            return "an absolute one, such as " + Example;
        }

        string escaped = Uri.EscapeDataString(slashed.TrimStart('/')).Replace("%2F", "/", StringComparison.Ordinal);
        return "file:///" + (hasDrive ? escaped.Replace("%3A", ":", StringComparison.Ordinal) : escaped);
    }
}
