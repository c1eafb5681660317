using Serilog.Core;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.EndToEnd;

public sealed class Auditing : IDisposable
{
    private readonly TestHome _home = new();

    [Fact]
    public async Task AnAuditedEventIsDelivered()
    {
        await using (Logger logger = new LoggerConfiguration().AuditTo.S3Journal(_home.Destination, _home.Local, "audit").CreateLogger())
        {
            logger.Information("paid");
        }

        Assert.Equal("audit", Assert.Single(await _home.ReadAsync()).Stream);
    }

    [Fact]
    public async Task AnAuditedEventTooLargeThrows()
    {
        await using Logger logger = new LoggerConfiguration().AuditTo.S3Journal(_home.Destination, _home.Local, maxEntryBytes: 4096).CreateLogger();

        AggregateException exception = Assert.Throws<AggregateException>(() => logger.Information("{Big}", new string('x', 5000)));

        Assert.IsType<JournalException>(Assert.Single(exception.InnerExceptions));
    }

    [Fact]
    public void ADirectoryThatCannotBeMadeThrowsAtStart()
    {
        string local = Path.Combine(_home.WriteFile("file", ""), "below");

        JournalException exception = Assert.Throws<JournalException>(() => new LoggerConfiguration().AuditTo.S3Journal(_home.Destination, local));

        Assert.False(exception.IsConfiguration);
    }

    [Fact]
    public async Task AuditAndWriteShareOneJournal()
    {
        await using (Logger logger = new LoggerConfiguration()
            .AuditTo.S3Journal(_home.Destination, _home.Local, "audit")
            .WriteTo.S3Journal(_home.Destination, _home.Local, "log")
            .CreateLogger())
        {
            logger.Information("both");
        }

        Assert.Equal(["audit", "log"], (await _home.ReadAsync()).Select(e => e.Stream).Order(StringComparer.Ordinal));
        Assert.Equal(["0"], _home.Lanes);
    }

    [Fact]
    public async Task AnOpenJournalStaysOpen()
    {
        await using Journal journal = Journal.Open(new JournalOptions { Destination = _home.Destination, LocalDirectory = _home.Local });
        using (Logger logger = new LoggerConfiguration().AuditTo.S3Journal(journal, "audit").WriteTo.S3Journal(journal, "{Level}").CreateLogger())
        {
            logger.Warning("x");
        }

        Assert.Equal(AppendResult.Stored, journal.GetStream("direct").Append(TimeProvider.System.GetUtcNow(), "{}"u8));
        await journal.FlushAsync();
        Assert.Equal(["Warning", "audit", "direct"], (await _home.ReadAsync()).Select(e => e.Stream).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _home.Dispose();
}
