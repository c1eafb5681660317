using Sink.Core;

namespace QuickStart;

/// <summary>Where a run writes: the bucket, a folder or a real one, and the folder of the journal that holds what is not delivered yet.</summary>
/// <param name="Destination">The bucket as the journal wants it: <c>file:///dir</c> or <c>s3://bucket/prefix</c>.</param>
/// <param name="Journal">The journal's folder.</param>
/// <param name="Endpoint">Where an S3 server other than Amazon's answers; null for Amazon's.</param>
internal sealed record RunPlace(string Destination, string Journal, string? Endpoint)
{
    /// <summary>The folder that is the bucket; null for a real one.</summary>
    public string? Folder { get; private init; }

    /// <summary>How the bucket is reached; keys come from where the AWS SDK looks, such as <c>AWS_ACCESS_KEY_ID</c>.</summary>
    public S3Options S3 => new() { Endpoint = Endpoint };

    public JournalOptions Options => new() { Destination = Destination, LocalDirectory = Journal, S3 = S3 };

    /// <summary>What the command line names; what it does not is a new folder among the temporary files. Folders are kept, so that they can be looked at.</summary>
    /// <returns>Null when that cannot be; the reason was printed.</returns>
    public static RunPlace? Of(Arguments arguments)
    {
        string? destination = arguments.Destination;
        if (destination?.StartsWith("s3://", StringComparison.OrdinalIgnoreCase) == true)
        {
            return new RunPlace(destination, arguments.Journal ?? NewFolder(), arguments.Endpoint);
        }

        if (arguments.Endpoint is not null)
        {
            Console.Error.WriteLine("--endpoint goes with a destination of s3://bucket/prefix");
            return null;
        }

        if (destination is null)
        {
            return In(NewFolder());
        }

        if (!Uri.TryCreate(destination, UriKind.Absolute, out Uri? uri) || !uri.IsFile || uri.IsUnc || !destination.StartsWith("file:///", StringComparison.Ordinal))
        {
            Console.Error.WriteLine($"'{destination}' does not name a folder or bucket; write it as file:///some/dir or s3://bucket/prefix");
            return null;
        }

        return In(Directory.CreateDirectory(uri.LocalPath).FullName);
    }

    /// <summary>The command line with which another process writes to the same place.</summary>
    public IEnumerable<string> ToArguments() => Folder is null
        ? [Destination, "--journal", Journal, .. Endpoint is null ? (string[])[] : ["--endpoint", Endpoint]]
        : [new Uri(Path.GetDirectoryName(Folder)!).AbsoluteUri];

    private static RunPlace In(string root)
    {
        string bucket = Path.Combine(root, "bucket");
        string path = Path.DirectorySeparatorChar == '/' ? bucket : "/" + bucket.Replace('\\', '/');
        string uri = "file://" + Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal);
        return new RunPlace(uri, Path.Combine(root, "journal"), null) { Folder = bucket };
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("s3journal-quickstart-").FullName;
}
