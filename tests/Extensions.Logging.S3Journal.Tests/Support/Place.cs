using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.S3Journal;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.Support;

/// <summary>A journal's directory and destination below one temporary directory.</summary>
internal sealed class Place : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("s3journal-mel-");

    /// <summary>While a file of this name is there, nothing can be delivered.</summary>
    public string Volume => Path.Join(_root.FullName, "volume");

    public string Local => Path.Join(_root.FullName, "local");

    private string Destination => new Uri(Path.Join(Volume, "bucket")).AbsoluteUri;

    public void Configure(JournalOptions options)
    {
        options.Destination = Destination;
        options.LocalDirectory = Local;
        options.MinFreeDiskBytes = 0;
        options.RingBytes = 1 << 20;
        options.MaxEntryBytes = 200_000;
        options.ReportToStandardError = false;
        if (options is S3JournalLoggerOptions logger)
        {
            logger.Stream = "web";
        }
    }

    public async Task<List<JsonElement>> ReadAsync()
    {
        List<JsonElement> entries = [];
        using JournalReader reader = JournalReader.Open(Destination);
        await foreach (JournalObject found in reader.ListAsync("web"))
        {
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                entries.Add(Logged.Parse(Encoding.UTF8.GetString(entry.Span)));
            }
        }

        return entries;
    }

    public void Dispose() => _root.Delete(recursive: true);
}
