using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.EndToEnd;

/// <summary>One journal for the front ends of a program.</summary>
public sealed class Sharing : IDisposable
{
    private readonly TestHome _home = new();

    [Theory]
    [InlineData(null)]
    [InlineData("audit")]
    public async Task TheContainersJournalAndTheProvidersAreOne(string? name)
    {
        HostApplicationBuilder builder = TestHome.NewHost();
        if (name is null)
        {
            builder.Services.AddS3Journal(options => _home.Configure(options));
        }
        else
        {
            builder.Services.AddS3Journal(name, options => _home.Configure(options));
        }

        builder.Logging.AddS3Journal(options =>
        {
            options.Journal = name;
            options.Stream = "log";
        });
        using (IHost host = builder.Build())
        {
            Journal journal = name is null ? host.Services.GetRequiredService<Journal>() : host.Services.GetRequiredKeyedService<Journal>(name);
            Append(journal, "direct");
            host.Services.GetRequiredService<ILogger<Sharing>>().LogInformation("logged");
            Assert.Single(_home.Open);
        }

        Assert.Empty(_home.Open);
        await AssertDelivered(("direct", "direct"), ("log", "logged"));
    }

    // The limit is the journal's, not the one among the provider's own options.
    [Fact]
    public async Task AnEntryIsAsLargeAsTheSharedJournalTakes()
    {
        HostApplicationBuilder builder = TestHome.NewHost();
        builder.Services.AddS3Journal("large", options => _home.Configure(options).MaxEntryBytes = 2 << 20);
        builder.Logging.AddS3Journal(options =>
        {
            options.Journal = "large";
            options.Stream = "log";
        });
        using (IHost host = builder.Build())
        {
            host.Services.GetRequiredService<ILogger<Sharing>>().LogInformation("{Large} and {Last}", new string('x', 3 << 19), 42);
        }

        JsonElement entry = Assert.Single(await _home.ReadAsync()).Entry;
        Assert.Equal(3 << 19, entry.GetProperty("Large").GetString()!.Length);
        Assert.Equal(42, entry.GetProperty("Last").GetInt32());
        Assert.False(entry.TryGetProperty("truncated", out _));
    }

    [Fact]
    public async Task ASettingsFileNamesTheJournal()
    {
        HostApplicationBuilder builder = TestHome.NewHost();
        builder.Services.AddS3Journal("audit", options => _home.Configure(options));
        builder.Configuration["Logging:S3Journal:Journal"] = "audit";
        builder.Configuration["Logging:S3Journal:Stream"] = "log";
        builder.Logging.AddS3Journal();
        using (IHost host = builder.Build())
        {
            host.Services.GetRequiredService<ILogger<Sharing>>().LogInformation("logged");
        }

        await AssertDelivered(("log", "logged"));
    }

    [Fact]
    public void ANameThatNobodyRegisteredIsAnErrorAtStartThatNamesThoseThatAre()
    {
        HostApplicationBuilder builder = TestHome.NewHost();
        builder.Services.AddS3Journal("audit", options => _home.Configure(options));
        builder.Services.AddS3Journal("orders", options => _home.Configure(options));
        builder.Logging.AddS3Journal(static options => options.Journal = "odrers");

        JournalException exception = Assert.Throws<JournalException>(builder.Build);

        Assert.True(exception.IsConfiguration);
        Assert.Contains("\"odrers\"", exception.Message, StringComparison.Ordinal);
        Assert.Contains("\"audit\", \"orders\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutADestinationAndWithoutAJournalTheStartFails()
    {
        HostApplicationBuilder builder = TestHome.NewHost();
        builder.Logging.AddS3Journal();

        JournalException exception = Assert.Throws<JournalException>(builder.Build);

        Assert.True(exception.IsConfiguration);
        Assert.Contains("Destination", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SerilogTheProviderAndADirectStreamShareADirectory()
    {
        HostApplicationBuilder builder = _home.NewHost(static options => options.Stream = "mel");
        await using (Journal journal = Journal.Open(_home.Configure(new JournalOptions())))
        await using (Serilog.Core.Logger serilog = new LoggerConfiguration().WriteTo.S3Journal(options => _home.Configure(options).Stream = "serilog").CreateLogger())
        using (IHost host = builder.Build())
        {
            Append(journal, "direct");
            serilog.Information("by Serilog");
            host.Services.GetRequiredService<ILogger<Sharing>>().LogInformation("by the provider");

            Assert.Single(_home.Open);
            JournalException refused = Assert.Throws<JournalException>(() => new LoggerConfiguration().WriteTo.S3Journal(options => _home.Configure(options).MaxBatchSize = 7).CreateLogger());
            Assert.Contains("MaxBatchSize", refused.Message, StringComparison.Ordinal);
            refused = Assert.Throws<JournalException>(() => _home.NewHost(static options => options.MaxBatchSize = 7).Build());
            Assert.Contains("MaxBatchSize", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_home.Open);
        Assert.Equal(["0"], _home.Lanes);
        await AssertDelivered(("direct", "direct"), ("mel", "by the provider"), ("serilog", "by Serilog"));
    }

    public void Dispose() => _home.Dispose();

    private static void Append(Journal journal, string text) => journal.GetStream("direct").Append(DateTimeOffset.UtcNow, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["@mt"] = text }));

    private async Task AssertDelivered(params (string Stream, string Template)[] expected)
        => Assert.Equal(expected, (await _home.ReadAsync()).Select(static found => (found.Stream, found.Entry.GetProperty("@mt").GetString()!)).Order());
}
