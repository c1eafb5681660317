using S3Journal.Proofs;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Faults;

/// <summary>The journal's directory is removed while it works, on a real disk: <c>rm -rf</c>, at several moments.</summary>
public sealed class RemovedDirectoryTests : IDisposable
{
    private readonly string _path = Path.Join(Path.GetTempPath(), $"s3journal-removed-{Guid.NewGuid():N}");
    private readonly ScriptedStore _store = new();

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(50, false)]
    [InlineData(50, true)]
    [InlineData(5_000, false)]
    public async Task EachLogCallReturnsAndTheSumsAreRight(int before, bool isDelivered)
    {
        int received = 0;
        using (Journal journal = Open())
        {
            received += Append(journal, 0, before);
            if (isDelivered)
            {
                await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            }

            Remove();
            received += Append(journal, before, 5_000);
            try
            {
                await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            }
            catch (JournalException)
            {
                // The disk takes no commit; and says so.
            }

            received += Append(journal, before + 5_000, 100);
            JournalStats stats = journal.GetStats();
            Assert.Equal(received, stats.Uploaded + stats.BacklogEntries + stats.Dropped.Values.Sum());
            Assert.InRange(stats.Uploaded, isDelivered ? before : 0, received);
            Assert.NotNull(stats.LastError);
            Figures.Report("directory removed", ("before", before), ("received", received), ("delivered", stats.Uploaded), ("backlog", stats.BacklogEntries), ("dropped", stats.Dropped.Values.Sum()));
        }

        // And the next one begins anew.
        int delivered = _store.Entries.Count;
        using Journal next = Open();
        Assert.Equal(AppendResult.Stored, JournalBench.Append(next, 1));
        await next.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(delivered + 1, _store.Entries.Count);
        Assert.Equal(_store.Entries.Count, _store.Entries.Distinct().Count());
    }

    /// <summary>As <c>rm -rf</c>, beside a journal that goes on making files there.</summary>
    private void Remove()
    {
        while (true)
        {
            try
            {
                Directory.Delete(_path, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException)
            {
            }
        }
    }

    private static int Append(Journal journal, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            JournalBench.Append(journal, i, length: 100);
        }

        return count;
    }

    private Journal Open()
    {
        JournalOptions options = new()
        {
            LocalDirectory = _path,
            Id = "web01",
            RingBytes = 256 << 10,
            SegmentBytes = 512 << 10,
            SmallestSegmentBytes = 4096,
            MaxEntryBytes = 8 << 10,
            MaxBatchLatency = TimeSpan.FromMilliseconds(5),
            StallAfter = TimeSpan.FromMilliseconds(50),
            ShutdownTimeout = TimeSpan.FromSeconds(2),
            MinFreeDiskBytes = 0,
            Compression = Compression.None,
            ReportToStandardError = false,
        };
        options.UseObjectStore(() => _store);
        return Journal.Open(options);
    }
}
