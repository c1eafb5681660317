using System.Text.Json;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.EndToEnd;

/// <summary>A journal's directory and destination below one temporary directory.</summary>
internal sealed class TestHome : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("s3journal-");

    public string Root => _root.FullName;

    public string Local => Path.Combine(Root, "local");

    public string Destination => new Uri(Path.Combine(Root, "store")).AbsoluteUri;

    /// <summary>The lanes that were ever owned.</summary>
    public string[] Lanes => [.. Directory.GetDirectories(Local).Select(d => Path.GetFileName(d)!)];

    public string WriteFile(string name, string text)
    {
        string path = Path.Combine(Root, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Every entry at the destination, in order within its stream.</summary>
    public async Task<List<(string Stream, string Payload)>> ReadAsync()
    {
        List<(string, string)> entries = [];
        using JournalReader reader = JournalReader.Open(Destination);
        await foreach (JournalObject journalObject in reader.ListAsync())
        {
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(journalObject))
            {
                entries.Add((journalObject.Stream, System.Text.Encoding.UTF8.GetString(entry.Span)));
            }
        }

        Assert.Empty(reader.Warnings);
        return entries;
    }

    public async Task<string[]> ReadTemplatesAsync()
        => [.. (await ReadAsync()).Select(e => JsonDocument.Parse(e.Payload).RootElement.GetProperty("@mt").GetString()!)];

    public void Dispose() => _root.Delete(recursive: true);
}
