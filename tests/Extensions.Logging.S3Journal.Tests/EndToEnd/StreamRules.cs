using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.EndToEnd;

/// <summary>The provider's stream under the journal's rules.</summary>
public sealed class StreamRules : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(EntryEncoding.Json, ".json.gz")]
    [InlineData(EntryEncoding.MessagePack, ".msgpack.gz")]
    public async Task ARuleGivesTheProvidersStreamItsFormAndCompression(EntryEncoding encoding, string suffix)
    {
        using (IHost host = _home.NewHost(options =>
        {
            options.Stream = "shop/web";
            options.Encoding = encoding;
            options.Streams.Add(new StreamRule { Match = "shop/*", Framing = encoding == EntryEncoding.Json ? StreamFraming.JsonArray : null, Compression = Sink.Core.Compression.Gzip });
        }).Build())
        {
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop").LogInformation("Order {Id}", 42);
        }

        string path = Assert.Single(Directory.GetFiles(_home.Store, "*.gz", SearchOption.AllDirectories));
        Assert.EndsWith(suffix, path, StringComparison.Ordinal);
        using JournalReader reader = JournalReader.Open(_home.Destination);
        JournalObject found = Assert.Single(reader.ListAsync().ToBlockingEnumerable());
        Assert.Equal(1, found.Entries);
        int entries = 0;
        await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
        {
            // A map of each kind: "{", or fixmap.
            Assert.True(encoding == EntryEncoding.Json ? entry.Span[0] == '{' : (entry.Span[0] & 0xF0) == 0x80);
            entries++;
        }

        Assert.Equal(1, entries);
    }

    [Fact]
    public void ARuleOfAnotherEncodingDoesNotChangeWhatTheProviderWrites()
    {
        using (IHost host = _home.NewHost(static options =>
        {
            options.Stream = "shop/web";
            options.Streams.Add(new StreamRule { Match = "shop/*", Encoding = "msgpack", MaxObjectEntries = 1 });
        }).Build())
        {
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop").LogInformation("Order {Id}", 42);
        }

        using JournalReader reader = JournalReader.Open(_home.Destination);
        JournalObject found = Assert.Single(reader.ListAsync().ToBlockingEnumerable());
        Assert.Equal(("json", "ndjson"), (found.Encoding, found.Framing));
    }
}
