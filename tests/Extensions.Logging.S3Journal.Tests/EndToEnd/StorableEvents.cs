using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.EndToEnd;

/// <summary>Events that name their own stream, logged as the state of a log call.</summary>
public sealed class StorableEvents : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task OneGoesToItsOwnStreamWithItsOwnPayload()
    {
        using (IHost host = _home.NewHost(static options => options.Stream = "shop").Build())
        {
            ILogger logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop");
            logger.LogInformation("before");
            Log(logger, new Placed("orders/eu", """{"order":42}"""));
            logger.Log(LogLevel.Trace, default, new Placed("orders/eu", """{"order":43}"""), null, static (_, _) => "");
        }

        List<(string Stream, System.Text.Json.JsonElement Entry)> entries = await _home.ReadAsync();
        Assert.Equal(["""{"order":42}"""], entries.Where(static found => found.Stream == "orders/eu").Select(static found => found.Entry.GetRawText()));
        Assert.Single(entries, static found => found.Stream == "shop");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../secret")]
    [InlineData("a//b")]
    public async Task APathThatCannotBeIsADropThatIsCountedAndReported(string? path)
    {
        ConcurrentQueue<JournalFailure> failures = new();
        using (IHost host = _home.NewHost(options =>
        {
            options.Stream = "shop";
            options.OnFailure(failures.Enqueue);
        }).Build())
        {
            ILogger logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop");
            Log(logger, new Placed(path!, "{}"));
            Log(logger, new Placed(path!, "{}"));
            logger.LogInformation("after");
        }

        Assert.Single(await _home.ReadAsync());
        JournalFailure first = Assert.Single(failures, static failure => failure.Message.Contains("names no stream that can be", StringComparison.Ordinal));
        Assert.Equal((JournalFailureKind.Permanent, 1), (first.Kind, first.Entries));
        Assert.IsType<ArgumentException>(first.Exception);
        Assert.Equal(1, Assert.Single(failures, static failure => failure.Message.Contains("2 were not", StringComparison.Ordinal)).Entries);
    }

    [Fact]
    public async Task WhatItThrowsOrCannotFitNeverReachesTheProgram()
    {
        ConcurrentQueue<JournalFailure> failures = new();
        using (IHost host = _home.NewHost(options =>
        {
            options.Stream = "shop";
            options.MaxEntryBytes = 1000;
            options.OnFailure(failures.Enqueue);
        }).Build())
        {
            ILogger logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop");
            Log(logger, new Placed("orders/eu", null!));
            logger.LogInformation("between");
            Log(logger, new Placed("orders/eu", new string(' ', 1001)));
        }

        Assert.Single(await _home.ReadAsync());
        Assert.Single(failures, static failure => failure.Message.Contains("could not be written as an entry", StringComparison.Ordinal));
        Assert.Single(failures, static failure => failure.Message.Contains("larger than MaxEntryBytes", StringComparison.Ordinal));
    }

    private static void Log(ILogger logger, Placed placed) => logger.Log(LogLevel.Information, default, placed, null, static (_, _) => "");

    private sealed class Placed(string path, string payload) : IStorableEvent
    {
        public string StoragePath => path;

        public DateTimeOffset Timestamp => TimeProvider.System.GetUtcNow();

        public void WritePayload(IBufferWriter<byte> output) => output.Write(Encoding.UTF8.GetBytes(payload ?? throw new InvalidOperationException("It has none.")));
    }
}
