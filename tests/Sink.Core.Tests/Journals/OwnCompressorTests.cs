using Microsoft.Extensions.Time.Testing;
using Sink.Core.Log;
using Sink.Core.Tests.Compressing;

namespace Sink.Core.Tests.Journals;

/// <summary>Journals with a compressor of the program's own.</summary>
public class OwnCompressorTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task OneThatAlwaysThrowsCostsNoEntryAndIsReportedOnce()
    {
        int frames = 0;
        await using Journal journal = _bench.Open(o => o.UseCompressor(() => new OwnCompressor
        {
            // An IOException must not pass for one of the disk.
            BeforeFrame = _ => throw new IOException($"boom {Interlocked.Increment(ref frames)}"),
        }));
        for (int i = 0; i < 100; i++)
        {
            JournalBench.Append(journal, i, $"s/{i % 3}");
        }

        await JournalBench.FlushWhenItCan(journal);
        JournalBench.Append(journal, 100);
        await JournalBench.FlushWhenItCan(journal);

        JournalFailure failure = Assert.Single(_bench.Failures);
        Assert.Equal(JournalFailureKind.Temporary, failure.Kind);
        Assert.Contains("'own' failed 3 times", failure.Message);
        Assert.Contains("boom 3", failure.Message);
        Assert.Equal(3, frames);
        Assert.Equal(101, _bench.Store.Entries.Count);
        Assert.All(_bench.Store.Objects, stored => Assert.EndsWith(".ndjson", stored.Key));
        Assert.Equal(0, journal.GetStats().BacklogEntries);
    }

    // The first frame is made when the journal is disposed.
    [Theory]
    [InlineData(WhenFull.DropNewest)]
    [InlineData(WhenFull.DropOldest)]
    [InlineData(WhenFull.Block)]
    public async Task OneThatThrowsAtTheEndKeepsNothingBack(WhenFull whenFull)
    {
        Journal journal = _bench.Open(o =>
        {
            o.WhenFull = whenFull;
            o.UseCompressor(() => new OwnCompressor { BeforeFrame = _ => throw new InvalidOperationException("boom") });
        });
        for (int i = 0; i < 100; i++)
        {
            JournalBench.Append(journal, i, $"s/{i % 3}");
        }

        await journal.DisposeAsync().AsTask().WaitAsync(JournalBench.Generous);

        Assert.Equal(100, _bench.Store.Entries.Count);
        Assert.Contains("failed 3 times", Assert.Single(_bench.Failures).Message);
    }

    [Fact]
    public async Task OneThatThrowsOnceIsAskedAgainAnew()
    {
        int made = 0;
        int frames = 0;
        await using Journal journal = _bench.Open(o => o.UseCompressor(() =>
        {
            made++;
            return new OwnCompressor { BeforeFrame = _ => _ = ++frames == 1 ? throw new InvalidOperationException("once") : 0 };
        }));
        JournalBench.Append(journal, 1);

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        Assert.Empty(_bench.Failures);
        Assert.EndsWith(".ndjson.own", Assert.Single(_bench.Store.Objects).Key);

        // To see its names, to compress, and to compress again.
        Assert.Equal(3, made);
    }

    // It takes 40 s a frame, and meanwhile two frames more are appended and committed.
    [Fact]
    public async Task OneThatIsSlowerThanWhatIsAppendedIsReportedOnce()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        Journal? journal = null;
        int frames = 0;
        await using Journal opened = journal = _bench.Open(o =>
        {
            o.UseTimeProvider(time);
            o.RingBytes = 16 << 20;
            o.SegmentBytes = 64 << 20;
            o.MaxEntryBytes = 1 << 20;
            o.ShutdownTimeout = TimeSpan.Zero;
            o.UseCompressor(() => new OwnCompressor
            {
                BeforeFrame = _ =>
                {
                    if (frames++ < 3)
                    {
                        AppendFrames(journal!, time, 2);
                        time.Advance(TimeSpan.FromSeconds(40));
                    }
                },
            });
        });
        AppendFrames(journal, time, 1);

        // Nothing here waits for time: what is durable is packed.
        JournalBench.Until(() => Volatile.Read(ref frames) >= 4);

        bool IsReport(JournalFailure failure) => failure.Message.Contains("slower than what is appended", StringComparison.Ordinal);
        JournalFailure report = _bench.WaitForFailure(IsReport);
        Assert.Single(_bench.Failures, IsReport);
        Assert.Equal(JournalFailureKind.Temporary, report.Kind);
        Assert.Contains("'own'", report.Message);
    }

    [Fact]
    public void SettingsThatNameAnotherCompressorDiffer()
    {
        using Journal journal = _bench.Open(o => o.UseCompressor(static () => new OwnCompressor()));
        using Journal same = _bench.Open(o => o.UseCompressor(static () => new OwnCompressor()));

        JournalException exception = Assert.Throws<JournalException>(() => _bench.Open());
        Assert.Contains("- Compressor: own (.own, application/x-own; version=1) and not set", exception.Message);
    }

    /// <summary>More than a mebibyte for each, durable when it returns.</summary>
    private static void AppendFrames(Journal journal, FakeTimeProvider time, int count)
    {
        JournalStream stream = journal.GetStream("orders");
        JournalLog log = JournalRegistry.All().Single(core => ReferenceEquals(core.GetStream("orders"), stream)).Host.Lane.Log;
        for (int i = 0; i < count * 2; i++)
        {
            // On the packing thread an append never waits, not even for the committer to look away.
            JournalBench.Until(() => JournalBench.Append(journal, i, length: 600_000) == AppendResult.Stored);
        }

        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            return log.Durable == log.Head;
        });
    }
}
