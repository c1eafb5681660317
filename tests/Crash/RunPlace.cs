using Sink.Core;

namespace Crash;

/// <summary>The folder of a run: a journal's directory, and the bucket it delivers to.</summary>
internal sealed record RunPlace(string Root)
{
    /// <summary>The folder that is the bucket.</summary>
    public string Bucket => Path.Combine(Root, "bucket");

    /// <summary>The journal's directory.</summary>
    public string Journal => Path.Combine(Root, "journal");

    /// <summary>The ring of the first lane: the one that the next process takes when the last one is dead.</summary>
    public string Ring => Path.Combine(Journal, "0", "ring");

    public static RunPlace CreateIn(string parent) => new(Directory.CreateDirectory(Path.Combine(parent, $"crash-{Guid.NewGuid():N}")).FullName);

    public JournalOptions Options(Action<JournalFailure> onFailure)
    {
        string path = Path.DirectorySeparatorChar == '/' ? Bucket : "/" + Bucket.Replace('\\', '/');
        JournalOptions options = new()
        {
            Destination = "file://" + Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal),
            LocalDirectory = Journal,
            Id = "crash",
            MinFreeDiskBytes = 0,
        };
        options.OnFailure(onFailure);
        return options;
    }
}
