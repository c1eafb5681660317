using System.Text;

namespace Sink.Core.Options;

/// <summary>Where objects go: a directory, a bucket, or a store that code gives.</summary>
/// <param name="Location">As the user wrote it, without secrets, for messages.</param>
internal sealed record Destination(string Location)
{
    public const string FileScheme = "file";
    public const string S3Scheme = "s3";

    /// <summary>With it the longest stream, date and file name still make a key that S3 takes (1,024 bytes).</summary>
    public const int MaxPrefixBytes = 200;

    private const string Example = "file:///var/lib/myapp/objects";
    private const string S3Example = "s3://my-logs/myapp";

    /// <summary>Stands for a store that code gives.</summary>
    public static Destination OfCode { get; } = new(nameof(JournalOptions.UseObjectStore));

    /// <summary>The absolute directory of a <c>file</c> destination; null for a bucket.</summary>
    public string? DirectoryPath { get; private init; }

    /// <summary>The bucket of an <c>s3</c> destination; null for a directory.</summary>
    public string? Bucket { get; private init; }

    /// <summary>What stands before all keys in the bucket, without slashes at its ends; may be empty.</summary>
    public string Prefix { get; private init; } = "";

    /// <summary>Options in the query of an <c>s3</c> destination, by their names in <see cref="S3Options"/>; known, and readable.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; private init; } = [];

    /// <summary>Reads the option; null with what is wrong and what to do. The message never repeats a part that may hold a secret.</summary>
    public static Destination? Parse(string? text, out string error)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            error = $"is required; write where objects go, such as {S3Example} or {Example}";
            return null;
        }

        int colon = text.IndexOf(':');
        string scheme = colon > 1 ? text[..colon].ToLowerInvariant() : "";
        if (scheme == FileScheme)
        {
            return ParseFile(text, out error);
        }

        if (scheme == S3Scheme)
        {
            return ParseS3(text, out error);
        }

        if (scheme.Length > 0 && scheme.All(char.IsAsciiLetterOrDigit))
        {
            error = $"{scheme}:// is not a known kind of destination; write s3://bucket/prefix or file:///dir";
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

        return new Destination(text) { DirectoryPath = path };
    }

    // As other S3 tools read it: what stands behind the bucket is the key's text itself, not percent-encoded.
    private static Destination? ParseS3(string text, out string error)
    {
        string rest = text[(S3Scheme.Length + 1)..];
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            error = $"needs two slashes behind s3:; write {S3Example}";
            return null;
        }

        int mark = rest.IndexOf('?', StringComparison.Ordinal);
        string place = mark < 0 ? rest : rest[..mark];
        int slash = place.IndexOf('/', 2);
        string bucket = slash < 0 ? place[2..] : place[2..slash];
        string prefix = slash < 0 ? "" : place[slash..].Trim('/');
        error = FaultOfBucket(bucket) ?? FaultOfPrefix(prefix) ?? (rest.Contains('#') ? "has a fragment (#); leave it out, or write %23 in a query's value" : "");
        if (error.Length > 0 || S3Query.Parse(mark < 0 ? "" : rest[(mark + 1)..], out error) is not { } query)
        {
            return null;
        }

        return new Destination($"{S3Scheme}://{bucket}{(prefix.Length > 0 ? "/" + prefix : "")}") { Bucket = bucket, Prefix = prefix, Query = query };
    }

    // Servers other than Amazon's take capitals and '_'; whether this one does is for it to say.
    private static string? FaultOfBucket(string bucket)
    {
        if (bucket.Contains('@'))
        {
            return $"holds user information; write only the bucket, such as {S3Example}, and give keys as S3.AccessKeyId and S3.SecretAccessKey or by the environment";
        }

        if (bucket.Contains(':'))
        {
            return $"names a host or port; write only the bucket, such as {S3Example}, and the server as S3.Endpoint or ?endpoint=";
        }

        bool isName = bucket.Length is >= 3 and <= 63
            && char.IsAsciiLetterOrDigit(bucket[0]) && char.IsAsciiLetterOrDigit(bucket[^1])
            && bucket.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
        return isName ? null : $"names no bucket; write 3 to 63 letters, digits, '-' and '.' behind s3://, such as {S3Example}";
    }

    private static string? FaultOfPrefix(string prefix)
    {
        if (prefix.Any(static c => char.IsControl(c) || c == '\\'))
        {
            return "has a control character or a backslash in its prefix; write '/' between its parts";
        }

        if (prefix.Length > 0 && prefix.Split('/').Any(static part => part is "" or "." or ".."))
        {
            return "has an empty part, \".\" or \"..\" in its prefix; leave it out";
        }

        return Encoding.UTF8.GetByteCount(prefix) > MaxPrefixBytes ? $"has a prefix of more than {MaxPrefixBytes} bytes; shorten it, for a whole key may have 1,024" : null;
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
