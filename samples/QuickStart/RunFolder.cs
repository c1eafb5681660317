namespace QuickStart;

/// <summary>The folder of a run: the bucket, and beside it the journal that holds what is not delivered yet.</summary>
internal sealed record RunFolder(string Root)
{
    public string Bucket => Path.Combine(Root, "bucket");

    public string Journal => Path.Combine(Root, "journal");

    /// <summary>The bucket as the journal wants it: <c>file:///dir</c>.</summary>
    public string Destination => "file://" + Uri.EscapeDataString(Path.DirectorySeparatorChar == '/' ? Bucket : "/" + Bucket.Replace('\\', '/'))
        .Replace("%2F", "/", StringComparison.Ordinal)
        .Replace("%3A", ":", StringComparison.Ordinal);

    /// <summary>The named folder, or a new one among the temporary files; it is kept, so that it can be looked at.</summary>
    public static RunFolder Of(string? destination)
    {
        if (destination is null)
        {
            return new RunFolder(Directory.CreateTempSubdirectory("s3journal-quickstart-").FullName);
        }

        if (!Uri.TryCreate(destination, UriKind.Absolute, out Uri? uri) || !uri.IsFile || uri.IsUnc || !destination.StartsWith("file:///", StringComparison.Ordinal))
        {
            Console.Error.WriteLine($"'{destination}' does not name a folder; write it as file:///some/dir");
            Environment.Exit(2);
        }

        return new RunFolder(Directory.CreateDirectory(uri.LocalPath).FullName);
    }
}
