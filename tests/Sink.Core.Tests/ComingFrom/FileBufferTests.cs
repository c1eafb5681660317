using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;
using Sink.Core.Tests.Load;

namespace Sink.Core.Tests.ComingFrom;

/// <summary>What users of node_s3_file_buffer had, where no other test shows it, and its mistakes: <c>docs/coming-from.md</c>.</summary>
public class FileBufferTests
{
    private static readonly DateTimeOffset _time = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    private readonly JournalBench _bench = new();

    [Fact]
    public async Task ABufferIsAStreamOfItsDomainAndNamespaceWithItsLimits()
    {
        await using Journal journal = _bench.Open();
        JournalStream stream = journal.OpenStream("shop.example/orders", new StreamOptions { MaxObjectBytes = 100_000, MaxObjectAge = TimeSpan.FromSeconds(60) });

        // No flush, and long before its age: the size alone.
        JournalBench.Until(() => stream.Append(_time, JournalBench.Entry(1, 5000)) != AppendResult.Stored || _bench.Store.Objects.Count > 0);

        StoredBytes found = _bench.Store.Objects[0];
        Assert.Matches("^shop[.]example/orders/2026/11/22/[0-9]{6}-web01-", found.Key);
        Assert.InRange(found.Bytes.Length, 100_000, 2_000_000);
    }

    [Fact]
    public async Task ManyBuffersFillAtOnceEachByItsOwnLimits()
    {
        await using Journal journal = _bench.Open(static o => o.RingBytes = 1 << 20);
        JournalStream[] streams = [.. Enumerable.Range(1, 20).Select(n => journal.OpenStream($"shop/{n}", new StreamOptions { MaxObjectEntries = n }))];
        for (int i = 0; i < 60; i++)
        {
            Array.ForEach(streams, stream => stream.Append(_time, JournalBench.Entry(i)));
        }

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        for (int n = 1; n <= 20; n++)
        {
            StoredBytes[] found = [.. _bench.Store.Objects.Where(o => o.Document.Stream == $"shop/{n}").OrderBy(static o => o.Document.Ordinal)];
            Assert.Equal((60 + n - 1) / n, found.Length);
            Assert.Equal(Enumerable.Range(0, 60).Select(static i => $"{{\"n\":{i}}}"), found.SelectMany(static o => o.Lines));
        }
    }

    /// <summary>Cause: an append during a roll-over threw.</summary>
    [Fact]
    public async Task AnAppendWhileAnObjectIsSealedIsStored()
    {
        await using Journal journal = _bench.Open(static o => o.RingBytes = 1 << 20);
        JournalStream stream = journal.OpenStream("shop/orders", new StreamOptions { MaxObjectEntries = 2 });
        int refused = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 250; i++)
            {
                refused += stream.Append(_time, JournalBench.Entry(i)) == AppendResult.Stored ? 0 : 1;
                if (i % 50 == 0)
                {
                    // So that objects are sealed and delivered beside it.
                    JournalBench.Until(() => _bench.Store.Objects.Count >= i / 2);
                }
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => Assert.True(thread.Join(JournalBench.Generous)));

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(0, refused);
        Assert.Equal(1000, _bench.Store.Entries.Count);
        Assert.Equal(500, _bench.Store.Objects.Count);
    }

    /// <summary>Cause: the key was the time in milliseconds, so that the second roll-over in one overwrote the first.</summary>
    [Fact]
    public async Task RollOversInOneMillisecondHaveKeysOfTheirOwn()
    {
        WallClock clock = new(_time);
        await using Journal journal = _bench.Open(o => o.UseTimeProvider(clock));
        JournalStream stream = journal.OpenStream("shop/orders", new StreamOptions { MaxObjectEntries = 1 });
        for (int i = 0; i < 50; i++)
        {
            stream.Append(_time, JournalBench.Entry(i));
        }

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal(50, _bench.Store.Objects.Select(static o => o.Key).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 50).Select(static i => $"{{\"n\":{i}}}"), _bench.Store.Entries);
        Assert.All(_bench.Store.Objects, static o => Assert.StartsWith("shop/orders/2026/11/22/101500-", o.Key, StringComparison.Ordinal));
        Assert.Empty(_bench.Failures);
    }

    /// <summary>Cause: a stream without entries never ended, and nor did the program that waited for it.</summary>
    [Fact]
    public async Task AnEmptyStreamEndsAndLeavesNothing()
    {
        Journal journal = _bench.Open();
        JournalStream closed = journal.OpenStream("shop/closed", new StreamOptions { MaxObjectAge = TimeSpan.FromMilliseconds(10) });
        _ = journal.OpenStream("shop/left", new StreamOptions { MaxObjectAge = TimeSpan.FromMilliseconds(10) });

        await closed.CloseAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(AppendResult.Closed, closed.Append(_time, "{}"u8));
        Assert.Equal(default, await journal.FlushAsync().WaitAsync(JournalBench.Generous));
        await journal.DisposeAsync().AsTask().WaitAsync(JournalBench.Generous);

        Assert.Equal(0, _bench.Store.Puts);
        Assert.DoesNotContain(_bench.Disk.ListFiles(), static file => file.EndsWith(".object", StringComparison.Ordinal) || file.EndsWith(".sealed", StringComparison.Ordinal));
        Assert.Empty(_bench.Failures);
    }
}
