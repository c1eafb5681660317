using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests;

public sealed class ProviderTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("s3journal-mel-");

    [Fact]
    public async Task WhatIsLoggedIsInTheBucketWhenTheProviderIsDisposed()
    {
        await using (ServiceProvider services = new ServiceCollection().AddLogging(builder => builder.AddS3Journal(options =>
        {
            options.Destination = new Uri(Path.Join(_home.FullName, "bucket")).AbsoluteUri;
            options.LocalDirectory = Path.Join(_home.FullName, "journal");
            options.Stream = "web";
            options.MinFreeDiskBytes = 0;
        })).BuildServiceProvider())
        {
            ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders");
            using (logger.BeginScope("Request {RequestId}", "r1"))
            {
                logger.LogWarning(new EventId(7, "Placed"), "Order {OrderId} of {Customer}", 42, "ada");
            }
        }

        using JournalReader reader = JournalReader.Open(new Uri(Path.Join(_home.FullName, "bucket")).AbsoluteUri);
        List<string> lines = [];
        await foreach (JournalObject found in reader.ListAsync("web"))
        {
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                lines.Add(Encoding.UTF8.GetString(entry.Span));
            }
        }

        string line = Assert.Single(lines);
        Assert.EndsWith(""","@l":"Warning","@mt":"Order {OrderId} of {Customer}","SourceContext":"Shop.Orders","EventId":{"Id":7,"Name":"Placed"},"OrderId":42,"Customer":"ada","RequestId":"r1"}""", line, StringComparison.Ordinal);
    }

    public void Dispose() => _home.Delete(recursive: true);
}
