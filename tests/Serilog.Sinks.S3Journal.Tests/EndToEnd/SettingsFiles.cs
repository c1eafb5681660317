using System.Reflection;
using Microsoft.Extensions.Configuration;
using Serilog.Core;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.EndToEnd;

public sealed class SettingsFiles : IDisposable
{
    private readonly TestHome _home = new();

    [Fact]
    public async Task AFileConfiguresTheSink()
    {
        await using (Logger logger = FromFile("WriteTo", """
            "stream": "{App}/{Level}", "maxBatchLatency": "00:00:00.200", "compression": "Gzip", "whenFull": "Block", "maxBatchSize": 5, "fsync": false,
            "shutdownTimeout": "00:00:30", "restrictedToMinimumLevel": "Warning"
            """))
        {
            logger.Information("left out");
            logger.Warning("kept {App}", "shop");
        }

        (string stream, string payload) = Assert.Single(await _home.ReadAsync());
        Assert.Equal("shop/Warning", stream);
        Assert.Contains("\"kept {App}\"", payload);
        Assert.Contains(Directory.GetFiles(_home.Root, "*.gz", SearchOption.AllDirectories), f => f.EndsWith(".ndjson.gz", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFormatterIsNamedByItsType()
    {
        await using (Logger logger = FromFile("WriteTo", """ "formatter": "Serilog.Formatting.Json.JsonFormatter, Serilog" """))
        {
            logger.Information("hello");
        }

        Assert.Contains("\"MessageTemplate\":\"hello\"", Assert.Single(await _home.ReadAsync()).Payload);
    }

    [Theory]
    [InlineData("WriteTo")]
    [InlineData("AuditTo")]
    public async Task MessagePackIsChosenByAFileAndItsOverflowIsJson(string section)
    {
        await using (Logger logger = FromFile(section, """ "stream": "{Id}", "encoding": "MessagePack", "maxStreams": 2 """))
        {
            for (int i = 0; i < 5; i++)
            {
                logger.Information("event {Id}", i);
            }
        }

        using JournalReader reader = JournalReader.Open(_home.Destination);
        Dictionary<string, (string? Encoding, List<byte[]> Entries)> streams = [];
        await foreach (JournalObject found in reader.ListAsync())
        {
            streams.TryAdd(found.Stream, (found.Encoding, []));
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                streams[found.Stream].Entries.Add(entry.ToArray());
            }
        }

        Assert.Equal(["0", "1", "_overflow"], streams.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("msgpack", streams["0"].Encoding);
        Assert.Equal("json", streams["_overflow"].Encoding);
        Assert.Equal([2, 3, 4], streams["_overflow"].Entries.Select(static entry => System.Text.Json.JsonDocument.Parse(entry).RootElement.GetProperty("Id").GetInt32()));
        byte[] first = Assert.Single(streams["0"].Entries);
        Assert.Equal(0, System.Text.Json.JsonDocument.Parse(Support.MessagePackText.Of(first)).RootElement.GetProperty("Id").GetInt32());
    }

    [Theory]
    [InlineData("WriteTo")]
    [InlineData("AuditTo")]
    public void ATimeWithoutColonsIsDaysAndIsRefusedWithAnExplanation(string section)
    {
        JournalException exception = Mistake(() => FromFile(section, """ "maxBatchLatency": "200" """));

        Assert.True(exception.IsConfiguration);
        Assert.Contains("MaxBatchLatency", exception.Message);
        Assert.Contains("200 days", exception.Message);
    }

    [Fact]
    public void EveryMistakeIsInOneMessage()
    {
        JournalException exception = Mistake(() => FromFile("WriteTo", """ "maxBatchSize": 0, "shards": 37 """));

        Assert.Contains("MaxBatchSize", exception.Message);
        Assert.Contains("Shards", exception.Message);
    }

    [Fact]
    public void ASinkWithoutADestinationIsNotLeftOutSilently()
    {
        string path = _home.WriteFile("appsettings.json", $$"""
            { "Serilog": { "Using": [ "Serilog.Sinks.S3Journal" ], "WriteTo": [ { "Name": "S3Journal", "Args": { "localDirectory": {{JsonText(_home.Local)}} } } ] } }
            """);

        Assert.Contains("Destination", Mistake(() => Configure(path)).Message);
    }

    [Fact]
    public async Task AuditToIsConfiguredByAFileToo()
    {
        await using (Logger logger = FromFile("AuditTo", """ "auditTimeout": "00:00:10" """))
        {
            logger.Information("audited");
        }

        Assert.Equal(["audited"], await _home.ReadTemplatesAsync());
    }

    public void Dispose() => _home.Dispose();

    private static string JsonText(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static Logger Configure(string path)
        => new LoggerConfiguration().ReadFrom.Configuration(new ConfigurationBuilder().AddJsonFile(path).Build()).CreateLogger();

    private static JournalException Mistake(Action configure)
    {
        Exception exception = Assert.ThrowsAny<Exception>(configure);
        return Assert.IsType<JournalException>(exception is TargetInvocationException invocation ? invocation.InnerException : exception);
    }

    private Logger FromFile(string section, string settings) => Configure(_home.WriteFile("appsettings.json", $$"""
        {
          "Serilog": {
            "Using": [ "Serilog.Sinks.S3Journal" ],
            "{{section}}": [
              { "Name": "S3Journal", "Args": { "destination": {{JsonText(_home.Destination)}}, "localDirectory": {{JsonText(_home.Local)}}, {{settings}} } }
            ]
          }
        }
        """));
}
