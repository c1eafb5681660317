using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.S3Journal;
using Microsoft.Extensions.Options;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.EndToEnd;

/// <summary>The section <c>Logging:S3Journal</c>, at start and when it changes.</summary>
public sealed class SettingsFiles : IDisposable
{
    private readonly TestHome _home = new();

    [Fact]
    public async Task AFileConfiguresTheProvider()
    {
        HostApplicationBuilder builder = FromFile("""
            "Stream": "shop/web", "Compression": "Gzip", "MaxObjectAge": "00:01:00", "WhenFull": "Block", "MaxBatchSize": 5, "IncludeFormattedMessage": true,
            "S3": { "Region": "eu-west-3", "ForcePathStyle": true, "RequestTimeout": "00:00:07" }
            """);
        using (IHost host = builder.Build())
        {
            S3JournalLoggerOptions options = host.Services.GetRequiredService<IOptionsMonitor<S3JournalLoggerOptions>>().CurrentValue;
            Assert.Equal(Sink.Core.Compression.Gzip, options.Compression);
            Assert.Equal(WhenFull.Block, options.WhenFull);
            Assert.Equal(TimeSpan.FromMinutes(1), options.MaxObjectAge);
            Assert.Equal("eu-west-3", options.S3.Region);
            Assert.True(options.S3.ForcePathStyle);
            Assert.Equal(TimeSpan.FromSeconds(7), options.S3.RequestTimeout);
            LoggerOf(host, "Shop").LogInformation("Order {Id}", 42);
        }

        (string stream, System.Text.Json.JsonElement entry) = Assert.Single(await _home.ReadAsync());
        Assert.Equal("shop/web", stream);
        Assert.Equal("Order 42", entry.GetProperty("@m").GetString());
        Assert.Single(Directory.GetFiles(_home.Store, "*.ndjson.gz", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task TheBucketComesFromTheEnvironmentAndThatCountsBeforeTheFile()
    {
        string prefix = $"SHOP{Guid.NewGuid():N}_";
        string bucket = new Uri(Path.Join(_home.Root, "bucket-of-the-environment")).AbsoluteUri;
        Environment.SetEnvironmentVariable($"{prefix}Logging__S3Journal__Destination", bucket);
        try
        {
            HostApplicationBuilder builder = FromFile(""" "Stream": "shop/web" """);
            builder.Configuration.AddEnvironmentVariables(prefix);
            using IHost host = builder.Build();
            LoggerOf(host, "Shop").LogInformation("Order {Id}", 42);
        }
        finally
        {
            Environment.SetEnvironmentVariable($"{prefix}Logging__S3Journal__Destination", null);
        }

        using JournalReader reader = JournalReader.Open(bucket);
        JournalObject found = Assert.Single(await reader.ListAsync().ToListAsync());
        Assert.Equal(("shop/web", 1), (found.Stream, found.Entries));
        Assert.False(Directory.Exists(_home.Store));
    }

    [Fact]
    public async Task MessagePackIsChosenByAFile()
    {
        using (IHost host = FromFile(""" "Stream": "shop/web", "Encoding": "MessagePack" """).Build())
        {
            LoggerOf(host, "Shop").LogInformation("Order {Id}", 42);
        }

        using JournalReader reader = JournalReader.Open(_home.Destination);
        List<byte[]> entries = [];
        await foreach (JournalObject found in reader.ListAsync("shop/web"))
        {
            Assert.Equal("msgpack", found.Encoding);
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                entries.Add(entry.ToArray());
            }
        }

        string text = Serilog.Sinks.S3Journal.Tests.Support.MessagePackText.Of(Assert.Single(entries));
        Assert.EndsWith(""","@mt":"Order {Id}","SourceContext":"Shop","Id":42}""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EntriesForWhichThereIsNoStreamLeftGoToTheOneForOverflowAsJson()
    {
        System.Collections.Concurrent.ConcurrentQueue<JournalFailure> failures = new();
        JournalOptions options = _home.Configure(new JournalOptions { MaxStreams = 1 });
        await using (Journal journal = Journal.Open(options))
        {
            journal.GetStream("other");
            S3JournalLoggerOptions provided = new() { Stream = "web", Encoding = EntryEncoding.MessagePack };
            provided.UseJournal(journal);
            provided.OnFailure(failures.Enqueue);
            using LoggerFactory factory = new([new S3JournalLoggerProvider(provided)]);
            factory.CreateLogger("Shop").LogInformation("Order {Id}", 42);
        }

        (string stream, System.Text.Json.JsonElement entry) = Assert.Single(await _home.ReadAsync());
        Assert.Equal("_overflow", stream);
        Assert.Equal(42, entry.GetProperty("Id").GetInt32());
        Assert.Contains("MaxStreams", Assert.Single(failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LinesForMessagePackAreAMistakeAtStart()
    {
        JournalException exception = Assert.Throws<JournalException>(FromFile(""" "Encoding": "MessagePack", "Streams": [ { "Match": "**", "Framing": "Ndjson" } ] """).Build);

        Assert.True(exception.IsConfiguration);
        Assert.Contains("Framing: is Ndjson", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEncodingThatIsNoneIsAnErrorAtStart()
    {
        Assert.Contains("Encoding", Assert.Throws<InvalidOperationException>(FromFile(""" "Encoding": "Xml" """).Build).Message, StringComparison.Ordinal);
        Assert.Contains("Encoding is 7", Assert.Throws<JournalException>(() => new S3JournalLoggerProvider(new S3JournalLoggerOptions { Encoding = (EntryEncoding)7 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryOptionCanBeSetByAFile()
    {
        HostApplicationBuilder builder = TestHome.NewHost();
        List<(string Path, object Owner, PropertyInfo Property, object Value)> expected = [.. Settings(new S3JournalLoggerOptions(), "")];
        Assert.InRange(expected.Count, 40, 100);
        foreach ((string path, _, _, object value) in expected)
        {
            builder.Configuration[$"Logging:S3Journal:{path}"] = value is IDictionary<string, string> pairs ? Assert.Single(pairs.Values) : value.ToString();
        }

        builder.Logging.AddS3Journal();
        using ServiceProvider services = builder.Services.BuildServiceProvider();
        S3JournalLoggerOptions options = services.GetRequiredService<IOptionsMonitor<S3JournalLoggerOptions>>().CurrentValue;

        Assert.All(expected, setting => Assert.Equal(setting.Value, setting.Property.GetValue(setting.Owner is S3Options ? options.S3 : options)));
    }

    [Fact]
    public void RulesOfStreamsComeFromAFileInTheirOrder()
    {
        HostApplicationBuilder builder = FromFile(""" "Streams": [ { "Match": "orders/*", "MaxObjectAge": "00:01:00" }, { "Match": "**" } ] """);
        foreach (PropertyInfo property in typeof(StreamRule).GetProperties().Where(static property => property.SetMethod?.IsPublic == true))
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            builder.Configuration[$"Logging:S3Journal:Streams:1:{property.Name}"] = type switch
            {
                _ when type == typeof(string) => "x",
                _ when type == typeof(TimeSpan) => "00:00:17",
                _ when type.IsEnum => Enum.GetNames(type)[1],
                _ => "17",
            };
        }

        using ServiceProvider services = builder.Services.BuildServiceProvider();
        IList<StreamRule> rules = services.GetRequiredService<IOptionsMonitor<S3JournalLoggerOptions>>().CurrentValue.Streams;

        Assert.Equal(2, rules.Count);
        Assert.Equal(("orders/*", TimeSpan.FromMinutes(1)), (rules[0].Match, rules[0].MaxObjectAge));
        Assert.All(typeof(StreamRule).GetProperties(), property => Assert.Equal(property.SetMethod?.IsPublic == true, property.GetValue(rules[1])?.ToString() is "x" or "00:00:17" or "17" or { Length: > 2 } && property.Name != nameof(StreamRule.Header)));
    }

    [Fact]
    public void ATimeWithoutColonsIsDaysAndIsRefusedWithAnExplanationAndEveryOtherMistakeBesideIt()
    {
        JournalException exception = Assert.Throws<JournalException>(FromFile(""" "MaxBatchLatency": "200", "Shards": 37 """).Build);

        Assert.True(exception.IsConfiguration);
        Assert.Contains("200 days", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Shards", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWordThatIsNoCompressionIsAnErrorAtStart()
        => Assert.Contains("Compression", Assert.Throws<InvalidOperationException>(FromFile(""" "Compression": "Tar" """).Build).Message, StringComparison.Ordinal);

    [Fact]
    public void AStreamThatIsNoNameIsAnErrorAtStart()
        => Assert.True(Assert.Throws<JournalException>(FromFile(""" "Stream": "a//b" """).Build).IsConfiguration);

    [Fact]
    public async Task CodeCountsBeforeTheFile()
    {
        HostApplicationBuilder builder = FromFile(""" "Stream": "by-file" """);
        builder.Logging.AddS3Journal(static options => options.Stream = "by-code");
        using (IHost host = builder.Build())
        {
            LoggerOf(host, "Shop").LogInformation("one");
        }

        Assert.Equal("by-code", Assert.Single(await _home.ReadAsync()).Stream);
    }

    [Fact]
    public async Task LevelsAreThoseOfTheProvidersSectionByCategoryAndFollowTheFile()
    {
        HostApplicationBuilder builder = FromFile(""" "LogLevel": { "Default": "Warning", "Shop.Orders": "Debug" } """);
        using (IHost host = builder.Build())
        {
            ILogger orders = LoggerOf(host, "Shop.Orders");
            ILogger other = LoggerOf(host, "Shop.Search");
            orders.LogTrace("left out 1");
            orders.LogDebug("kept 1");
            other.LogInformation("left out 2");
            other.LogWarning("kept 2");

            host.Services.GetRequiredService<IConfiguration>()["Logging:S3Journal:LogLevel:Shop.Orders"] = "Error";
            host.Services.GetRequiredService<IConfiguration>()["Logging:S3Journal:LogLevel:Default"] = "Information";
            Reload(host);
            orders.LogWarning("left out 3");
            orders.LogError("kept 3");
            other.LogInformation("kept 4");
        }

        Assert.Equal(["kept 1", "kept 2", "kept 3", "kept 4"], await _home.ReadTemplatesAsync());
    }

    [Fact]
    public async Task ScopesAndTheFormattedMessageFollowTheFile()
    {
        HostApplicationBuilder builder = FromFile(""" "IncludeScopes": false """);
        using (IHost host = builder.Build())
        {
            ILogger logger = LoggerOf(host, "Shop");
            using (logger.BeginScope("Request {RequestId}", "r1"))
            {
                logger.LogInformation("before");
                host.Services.GetRequiredService<IConfiguration>()["Logging:S3Journal:IncludeScopes"] = "true";
                host.Services.GetRequiredService<IConfiguration>()["Logging:S3Journal:IncludeFormattedMessage"] = "true";
                Reload(host);
                logger.LogInformation("after");
            }
        }

        List<(string Stream, System.Text.Json.JsonElement Entry)> entries = await _home.ReadAsync();
        Assert.Equal(["before", "after"], entries.Select(static found => found.Entry.GetProperty("@mt").GetString()));
        Assert.Equal([false, true], entries.Select(static found => found.Entry.TryGetProperty("RequestId", out _)));
        Assert.Equal([false, true], entries.Select(static found => found.Entry.TryGetProperty("@m", out _)));
    }

    public void Dispose() => _home.Dispose();

    private static ILogger LoggerOf(IHost host, string category) => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    private static void Reload(IHost host) => ((IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>()).Reload();

    private static string JsonText(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    /// <summary>Each property that can be set, with another value than its default.</summary>
    private static IEnumerable<(string Path, object Owner, PropertyInfo Property, object Value)> Settings(object owner, string prefix)
    {
        foreach (PropertyInfo property in owner.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            object? value = property.GetValue(owner);
            if (value is S3Options)
            {
                foreach ((string Path, object Owner, PropertyInfo Property, object Value) inner in Settings(value, $"{property.Name}:"))
                {
                    yield return inner;
                }

                continue;
            }

            if (value is IList<StreamRule>)
            {
                // See RulesOfStreamsComeFromAFileInTheirOrder.
                continue;
            }

            if (value is IDictionary<string, string>)
            {
                yield return ($"{prefix}{property.Name}:team", owner, property, new Dictionary<string, string> { ["team"] = $"{property.Name}-value" });
                continue;
            }

            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object other = type switch
            {
                _ when type == typeof(string) => $"{property.Name}-value",
                _ when type == typeof(bool) => value is not true,
                _ when type == typeof(int) => 17,
                _ when type == typeof(long) => 1717L,
                _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(17.5),
                _ when type.IsEnum => Enum.GetValues(type).Cast<object>().First(known => !known.Equals(value)),
                _ => throw new NotSupportedException($"{property.Name} is a {type}: say here how a file holds it."),
            };
            yield return (prefix + property.Name, owner, property, other);
        }
    }

    private HostApplicationBuilder FromFile(string settings)
    {
        string path = Path.Join(_home.Root, "appsettings.json");
        File.WriteAllText(path, $$"""
            { "Logging": { "S3Journal": { "Destination": {{JsonText(_home.Destination)}}, "LocalDirectory": {{JsonText(_home.Local)}}, "MinFreeDiskBytes": 0, {{settings}} } } }
            """);
        HostApplicationBuilder builder = TestHome.NewHost();
        builder.Configuration.AddJsonFile(path);

        // Above the file, for tests that change it: Reload reads the file again and leaves these.
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.AddS3Journal();
        return builder;
    }
}
