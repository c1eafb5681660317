using OpenTelemetry.Exporter.S3Journal.Signals;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Registration;

/// <summary>The exporters of a program that name one directory share its journal.</summary>
public sealed class Sharing : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("s3journal-otel-");

    private string Local => Path.Join(_home.FullName, "journal");

    private JournalStats[] Open => [.. Journal.GetAllStats().Where(stats => stats.LocalDirectory == Local)];

    [Fact]
    public void LogsAndSpansWithTheSameSettingsShareAJournalUntilTheLastIsClosed()
    {
        IEventJournal logs = JournalSource.Of(Options()).Open();
        IEventJournal spans = JournalSource.Of(Options()).Open();
        Assert.Single(Open);

        logs.Dispose();
        Assert.Single(Open);
        spans.Dispose();
        Assert.Empty(Open);
    }

    [Fact]
    public void OtherSettingsForTheDirectoryAreAnErrorThatListsThem()
    {
        using IEventJournal logs = JournalSource.Of(Options()).Open();
        S3JournalExporterOptions other = Options();
        other.MaxObjectAge = TimeSpan.FromMinutes(1);

        JournalException exception = Assert.Throws<JournalException>(() => new S3JournalTraceExporter(other));
        Assert.True(exception.IsConfiguration);
        Assert.Contains("MaxObjectAge: 00:05:00 and 00:01:00", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AJournalOfTheProgramsStaysOpen()
    {
        using Journal journal = Journal.Open(Options());
        S3JournalExporterOptions options = new();
        options.UseJournal(journal);
        JournalSource source = JournalSource.Of(options);
        using (IEventJournal users = source.Open())
        {
            users.GetStream("x").Append(TimeProvider.System.GetUtcNow(), "{}"u8);
            Assert.Equal(1, (await source.FlushAsync(TestContext.Current.CancellationToken)).Delivered);
        }

        Assert.Single(Open);
        Assert.Equal(AppendResult.Stored, journal.GetStream("x").Append(TimeProvider.System.GetUtcNow(), "{}"u8));
    }

    [Fact]
    public async Task AFlushBeforeTheJournalIsOpenHasNothingToDo()
    {
        JournalSource source = JournalSource.Of(Options());
        await source.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(default, await source.FlushAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _home.Delete(recursive: true);

    private S3JournalExporterOptions Options() => new()
    {
        Destination = new Uri(Path.Join(_home.FullName, "store")).AbsoluteUri,
        LocalDirectory = Local,
        MinFreeDiskBytes = 0,
        ReportToStandardError = false,
    };
}
