using System.Text.Json;
using Extensions.Logging.S3Journal.Tests.Support;
using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Buffering;
using Microsoft.Extensions.Diagnostics.Enrichment;
using Microsoft.Extensions.Logging;

namespace Extensions.Logging.S3Journal.Tests.Telemetry;

public sealed partial class BufferingEnrichmentAndRedaction : IDisposable
{
    private readonly Place _place = new();

    [Fact]
    public async Task EntriesHeldBackInABufferKeepTheTimeAtWhichTheyWereLogged()
    {
        DateTimeOffset begun;
        DateTimeOffset logged;
        await using (ServiceProvider services = Build(static builder => builder.AddGlobalBuffer(LogLevel.Information)))
        {
            ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders");
            begun = DateTimeOffset.UtcNow;
            logger.LogInformation(new EventId(7, "Placed"), "Order {OrderId} of {Customer}", 42, "ada");
            logger.LogDebug(new InvalidOperationException("gone"), "details");
            logged = DateTimeOffset.UtcNow;
            logger.LogWarning("at once");
            SpinWait.SpinUntil(() => DateTimeOffset.UtcNow > logged);

            services.GetRequiredService<GlobalLogBuffer>().Flush();
        }

        List<JsonElement> entries = await _place.ReadAsync();
        Assert.Equal(["at once", "Order {OrderId} of {Customer}", "details"], entries.Select(static e => e.GetProperty("@mt").GetString()));
        Assert.All(entries[1..], e => Assert.InRange(e.GetProperty("@t").GetDateTimeOffset(), begun, logged));
        Assert.Equal("Shop.Orders", entries[1].GetProperty("SourceContext").GetString());
        Assert.Equal("""{"Id":7,"Name":"Placed"}""", entries[1].GetProperty("EventId").GetRawText());
        Assert.Equal("ada", entries[1].GetProperty("Customer").GetString());
        Assert.Equal("42", entries[1].GetProperty("OrderId").ToString());
        Assert.Contains("gone", entries[2].GetProperty("@x").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EntriesThatABufferDiscardsAreNotStored()
    {
        await using (ServiceProvider services = Build(static builder => builder.AddGlobalBuffer(LogLevel.Information)))
        {
            ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders");
            logger.LogInformation("never asked for");
            logger.LogWarning("at once");
        }

        Assert.Equal("at once", Assert.Single(await _place.ReadAsync()).GetProperty("@mt").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatEnrichersAddIsPartOfAnEntryAndWhatRedactorsHideIsNot(bool isBuffered)
    {
        await using (ServiceProvider services = Build(builder =>
        {
            builder.EnableEnrichment();
            builder.EnableRedaction(static options => options.ApplyDiscriminator = false);
            builder.Services.AddLogEnricher(new Tenant());
            builder.Services.AddRedaction(static redaction => redaction.SetRedactor<Stars>(new DataClassificationSet(PrivateAttribute.Private)));
            if (isBuffered)
            {
                builder.AddGlobalBuffer(LogLevel.Information);
            }
        }))
        {
            SignedIn(services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders"), "ada@example.org", "web");
            services.GetService<GlobalLogBuffer>()?.Flush();
        }

        JsonElement entry = Assert.Single(await _place.ReadAsync());
        Assert.Equal("{Email} signed in by {Door}", entry.GetProperty("@mt").GetString());
        Assert.Equal("***", entry.GetProperty("Email").GetString());
        Assert.Equal("web", entry.GetProperty("Door").GetString());
        Assert.Equal("acme", entry.GetProperty("tenant").GetString());
        Assert.DoesNotContain("example.org", entry.GetRawText(), StringComparison.Ordinal);
    }

    public void Dispose() => _place.Dispose();

    [LoggerMessage(LogLevel.Information, "{Email} signed in by {Door}")]
    private static partial void SignedIn(ILogger logger, [Private] string email, string door);

    private ServiceProvider Build(Action<ILoggingBuilder> configure) => new ServiceCollection().AddLogging(builder =>
    {
        builder.SetMinimumLevel(LogLevel.Trace).AddS3Journal(_place.Configure);
        configure(builder);
    }).BuildServiceProvider();

    private sealed class Tenant : ILogEnricher
    {
        public void Enrich(IEnrichmentTagCollector collector) => collector.Add("tenant", "acme");
    }

    private sealed class Stars : Redactor
    {
        public override int GetRedactedLength(ReadOnlySpan<char> input) => 3;

        public override int Redact(ReadOnlySpan<char> source, Span<char> destination)
        {
            "***".CopyTo(destination);
            return 3;
        }
    }

    private sealed class PrivateAttribute() : DataClassificationAttribute(Private)
    {
        public static DataClassification Private { get; } = new("Tests", "Private");
    }
}
