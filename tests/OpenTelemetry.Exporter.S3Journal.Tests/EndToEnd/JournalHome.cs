using System.Collections.Concurrent;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.EndToEnd;

/// <summary>A journal's directory and destination below one temporary directory.</summary>
internal sealed class JournalHome : IDisposable
{
    /// <summary>How long tests wait for what must come: generous, for the machine may be busy with others.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("s3journal-otel-");

    public string Local => Path.Join(_root.FullName, "local");

    public string Store => Path.Join(_root.FullName, "store");

    public string Destination => new Uri(Store).AbsoluteUri;

    public ConcurrentQueue<JournalFailure> Failures { get; } = new();

    /// <summary>The journals of this process in the directory.</summary>
    public JournalStats[] Open => [.. Journal.GetAllStats().Where(stats => stats.LocalDirectory == Local)];

    /// <summary>The lanes that were ever owned.</summary>
    public string[] Lanes => [.. Directory.GetDirectories(Local).Select(static lane => Path.GetFileName(lane))];

    public void Configure(S3JournalExporterOptions options)
    {
        options.Destination = Destination;
        options.LocalDirectory = Local;
        options.MinFreeDiskBytes = 0;
        options.ShutdownTimeout = Limit;
        options.ReportToStandardError = false;
        options.OnFailure(Failures.Enqueue);
    }

    /// <summary>A destination below a regular file, which no directory can be made in.</summary>
    public string MakeUnreachable()
    {
        string file = Path.Join(_root.FullName, "file");
        File.WriteAllText(file, "A file where the directory should be.");
        return new Uri(Path.Join(file, "store")).AbsoluteUri;
    }

    /// <summary>What is at the destination, by key and so by time; read without the journal's own code.</summary>
    public List<StoredObject> Read(string stream)
        => !Directory.Exists(Store)
            ? []
            : [.. Directory.GetFiles(Store, "*", SearchOption.AllDirectories)
                .Where(static path => !Path.GetFileName(path).StartsWith('.'))
                .Select(path => StoredObject.Read(Store, path))
                .Where(found => found.Key.StartsWith($"{stream}/", StringComparison.Ordinal))
                .OrderBy(static found => found.Key, StringComparer.Ordinal)];

    public List<Exported> ReadLogs() => [.. Read("otel/logs").SelectMany(static found => found.Records)];

    public List<Exported> ReadSpans() => [.. Read("otel/traces").SelectMany(static found => found.Records)];

    public void Dispose() => _root.Delete(recursive: true);
}
