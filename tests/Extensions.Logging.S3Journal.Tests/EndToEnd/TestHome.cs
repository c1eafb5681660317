using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.EndToEnd;

/// <summary>A journal's directory and destination below one temporary directory.</summary>
internal sealed class TestHome : IDisposable
{
    /// <summary>How long tests wait for what must come: generous, for the machine may be busy with others.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("s3journal-mel-");

    public string Root => _root.FullName;

    public string Local => Path.Join(Root, "local");

    public string Store => Path.Join(Root, "store");

    public string Destination => new Uri(Store).AbsoluteUri;

    /// <summary>The lanes that were ever owned.</summary>
    public string[] Lanes => [.. Directory.GetDirectories(Local).Select(static lane => Path.GetFileName(lane))];

    /// <summary>The journals of this process in the directory.</summary>
    public JournalStats[] Open => [.. Journal.GetAllStats().Where(stats => stats.LocalDirectory == Local)];

    public T Configure<T>(T options)
        where T : JournalOptions
    {
        options.Destination = Destination;
        options.LocalDirectory = Local;
        options.MinFreeDiskBytes = 0;
        options.ReportToStandardError = false;
        return options;
    }

    /// <summary>A host that logs only what the test logs.</summary>
    public static HostApplicationBuilder NewHost()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddFilter("Microsoft", LogLevel.None);
        return builder;
    }

    public HostApplicationBuilder NewHost(Action<Microsoft.Extensions.Logging.S3Journal.S3JournalLoggerOptions> configure)
    {
        HostApplicationBuilder builder = NewHost();
        builder.Logging.AddS3Journal(options => configure(Configure(options)));
        return builder;
    }

    /// <summary>Every entry at the destination, in order within its stream.</summary>
    public async Task<List<(string Stream, JsonElement Entry)>> ReadAsync()
    {
        List<(string, JsonElement)> entries = [];
        using JournalReader reader = JournalReader.Open(Destination);
        await foreach (JournalObject found in reader.ListAsync())
        {
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                entries.Add((found.Stream, JsonElement.Parse(Encoding.UTF8.GetString(entry.Span))));
            }
        }

        Assert.Empty(reader.Warnings);
        return entries;
    }

    public async Task<string[]> ReadTemplatesAsync() => [.. (await ReadAsync()).Select(static found => found.Entry.GetProperty("@mt").GetString()!)];

    public void Dispose() => _root.Delete(recursive: true);
}
