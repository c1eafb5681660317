using Microsoft.Extensions.Time.Testing;
using Sink.Core.Lanes;
using Sink.Core.Options;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.ComingFrom;

/// <summary>What users of s3-journal had, where no other test shows it, and its mistakes: <c>docs/coming-from.md</c>.</summary>
public sealed class S3JournalTests : IDisposable
{
    private static readonly DateTimeOffset _time = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    private readonly JournalBench _bench = new();
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("s3journal-");

    [Fact]
    public async Task ClosingReturnsWhenEverythingIsInTheStore()
    {
        TaskCompletionSource reached = new();
        TaskCompletionSource release = new();
        _bench.Store.OnPut = async (_, cancel) =>
        {
            reached.TrySetResult();
            await release.Task.WaitAsync(cancel);
            return null;
        };
        Journal journal = _bench.Open(static o => o.ShutdownTimeout = JournalBench.Generous);
        for (int i = 0; i < 10; i++)
        {
            JournalBench.Append(journal, i, $"s/{i % 2}");
        }

        Task closing = journal.DisposeAsync().AsTask();
        await reached.Task.WaitAsync(JournalBench.Generous);
        Assert.False(closing.IsCompleted);
        release.SetResult();
        await closing.WaitAsync(JournalBench.Generous);

        Assert.Equal(10, _bench.Store.Entries.Count);
        Assert.Empty(_bench.Failures);
    }

    [Fact]
    public void TheIdStandsInEveryKeyAndIsTheHostsWhereNoneIsGiven()
    {
        string host = JournalSettings.From(_bench.Options(static o => o.Id = null), ProcessEnvironment.Instance, static _ => true).Id;
        foreach (string? id in (string?[])["web07", "web07", null])
        {
            using Journal journal = _bench.Open(o => o.Id = id);
            JournalBench.Append(journal, 1);
        }

        StoredBytes[] found = [.. _bench.Store.Objects.OrderBy(static o => o.Document.Ordinal)];
        Assert.Equal(["web07", "web07", host], found.Select(static o => o.Document.Source));
        Assert.All(found, static o => Assert.Contains($"-{o.Document.Source}-", o.Key, StringComparison.Ordinal));
        Assert.Equal(3, found.Select(static o => o.Document.Epoch).Distinct().Count());
    }

    [Fact]
    public async Task MaxBatchSizeStartsASyncBeforeItsTime()
    {
        await using Journal journal = _bench.Open(static o =>
        {
            o.MaxBatchLatency = TimeSpan.FromHours(1);
            o.MaxBatchSize = 10;
        });
        for (int i = 0; i < 9; i++)
        {
            JournalBench.Append(journal, i);
        }

        Assert.Equal(0, _bench.Disk.Counts.SyncsOf(SyncSite.Commit));
        JournalBench.Append(journal, 9);

        JournalBench.Until(() => _bench.Disk.Counts.SyncsOf(SyncSite.Commit) == 1);
    }

    [Fact]
    public async Task TheStatsTellOfEachStage()
    {
        TaskCompletionSource release = new();
        int puts = 0;
        _bench.Store.OnPut = async (_, cancel) =>
        {
            if (Interlocked.Increment(ref puts) == 1)
            {
                return new PutResult(PutOutcome.Unavailable, "the store is away");
            }

            await release.Task.WaitAsync(cancel);
            return null;
        };
        await using Journal journal = _bench.Open();
        for (int i = 0; i < 5; i++)
        {
            JournalBench.Append(journal, i, i < 3 ? "a" : "b");
        }

        Task<FlushResult> flush = journal.FlushAsync();
        JournalBench.Until(() => journal.GetStats().Queue is { InProgress: > 0, Retried: 1 });
        JournalBench.Append(journal, 5, "c");
        JournalBench.Until(() => journal.GetStats().Queue.OpenObjects == 1);
        JournalStats stats = journal.GetStats();
        Assert.Equal((6, 0, 6), (stats.Enqueued, stats.Uploaded, stats.BacklogEntries));
        Assert.Equal((0, 2), (stats.Queue.Completed, stats.Queue.Enqueued));
        Assert.InRange(stats.Queue.Segments, 1, 2);

        release.SetResult();
        await flush.WaitAsync(JournalBench.Generous);
        JournalBench.Until(() => journal.GetStats().Queue.InProgress == 0);
        stats = journal.GetStats();
        Assert.Equal((6, 5, 1), (stats.Enqueued, stats.Uploaded, stats.BacklogEntries));
        Assert.Equal((2, 1, 0, 1), (stats.Queue.Completed, stats.Queue.Retried, stats.Queue.Enqueued, stats.Queue.OpenObjects));
    }

    [Fact]
    public async Task WhatPassesIsToldAsTemporaryAndWhatIsLostAsPermanent()
    {
        int puts = 0;
        _bench.Store.OnPut = (put, _) =>
        {
            if (!put.Key.StartsWith("rotten", StringComparison.Ordinal))
            {
                return Task.FromResult<PutResult?>(Interlocked.Increment(ref puts) == 1 ? new PutResult(PutOutcome.Unavailable, "the store is away") : null);
            }

            _bench.Disk.FlipBit(_bench.Disk.ListFiles().Single(path => path.EndsWith('/' + put.Data.Name, StringComparison.Ordinal)), 0, 0);
            return Task.FromResult<PutResult?>(new PutResult(PutOutcome.Damaged));
        };
        await using Journal journal = _bench.Open();
        JournalBench.Append(journal, 1, "sound");
        JournalBench.Append(journal, 2, "rotten");
        JournalBench.Append(journal, 3, "rotten");

        await JournalBench.FlushWhenItCan(journal);

        Assert.Equal("{\"n\":1}", Assert.Single(_bench.Store.Entries));
        JournalFailure passed = _bench.WaitForFailure(static f => f.Message.Contains("the store is away", StringComparison.Ordinal));
        JournalFailure lost = _bench.WaitForFailure(static f => f.Entries > 0);
        Assert.Equal(JournalFailureKind.Temporary, passed.Kind);
        Assert.Equal((JournalFailureKind.Permanent, 2), (lost.Kind, lost.Entries));
        await journal.DisposeAsync();
        Assert.Single(_bench.Failures, static f => f.Kind == JournalFailureKind.Temporary);
        Assert.Single(_bench.Failures, static f => f.Kind == JournalFailureKind.Permanent);
    }

    /// <summary>Cause: shards without a directory format dropped the date.</summary>
    [Fact]
    public async Task ShardsKeepTheDate()
    {
        await using Journal journal = _bench.Open(static o =>
        {
            o.Shards = 4;
            o.Streams.Add(new StreamRule { Match = "**", MaxObjectEntries = 1 });
        });
        for (int i = 0; i < 8; i++)
        {
            journal.GetStream("orders").Append(_time, JournalBench.Entry(i));
        }

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal(8, _bench.Store.Objects.Count);
        Assert.All(_bench.Store.Objects, static o => Assert.Matches("^[0-3]/orders/2026/11/22/[^/]+$", o.Key));
        Assert.Equal(4, _bench.Store.Objects.Select(static o => o.Key[0]).Distinct().Count());
    }

    /// <summary>Cause: numbers were found by one page of a listing, so that beyond 1,000 objects they began anew and overwrote. This store cannot list at all.</summary>
    [Fact]
    public async Task MoreThanAThousandObjectsOfADateAndIdNeverShareANumber()
    {
        for (int run = 0; run < 2; run++)
        {
            await using Journal journal = _bench.Open(static o =>
            {
                o.RingBytes = 1 << 20;
                o.Streams.Add(new StreamRule { Match = "**", MaxObjectEntries = 1 });
            });
            for (int i = 0; i < 1100; i++)
            {
                Assert.Equal(AppendResult.Stored, journal.GetStream("orders").Append(_time, JournalBench.Entry((run * 1100) + i)));
            }

            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        Assert.Equal(Enumerable.Range(0, 2200).Select(static n => (long)n), _bench.Store.Objects.Select(static o => o.Document.Ordinal).Order());
        Assert.Equal(2200, _bench.Store.Objects.Select(static o => o.Key).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 2200).Select(static n => $"{{\"n\":{n}}}"), _bench.Store.Entries);
        Assert.Empty(_bench.Failures);
    }

    /// <summary>Cause: every tick without entries wrote an empty batch that nobody freed.</summary>
    [Fact]
    public async Task AnIdleJournalWritesNothing()
    {
        FakeTimeProvider time = new(_time);
        await using Journal journal = _bench.Open(o =>
        {
            o.UseTimeProvider(time);
            o.MaxObjectAge = TimeSpan.FromMinutes(1);
            o.IdleTimeout = TimeSpan.FromMinutes(2);
        });
        JournalBench.Append(journal, 1);
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return journal.GetStats() is { Uploaded: 1, BacklogBytes: 0, Queue.InProgress: 0 };
        });

        // The first looks may still find something to tidy up; each minute's look shows that time has passed for the threads too.
        WaitForLooks(5);
        int changes = 0;
        WaitForLooks(20, call => Interlocked.Add(ref changes, call.Kind is DiskCallKind.Create or DiskCallKind.Write or DiskCallKind.Sync or DiskCallKind.SyncNames or DiskCallKind.Rename ? 1 : 0));

        Assert.Equal(0, changes);
        Assert.Single(_bench.Store.Objects);
        Assert.Equal(1, _bench.Store.Puts);

        void WaitForLooks(int count, Action<DiskCall>? watch = null)
        {
            int looks = 0;
            _bench.BeforeCall = call =>
            {
                Interlocked.Add(ref looks, call.Kind == DiskCallKind.List ? 1 : 0);
                watch?.Invoke(call);
            };
            JournalBench.Until(() =>
            {
                time.Advance(TimeSpan.FromSeconds(20));
                return Volatile.Read(ref looks) >= count;
            });
            _bench.BeforeCall = null;
        }
    }

    /// <summary>Cause: flushes at once reordered batches.</summary>
    [Fact]
    public async Task FlushesAtOnceKeepTheOrder()
    {
        const int Count = 2000;
        await using Journal journal = _bench.Open(static o => o.RingBytes = 1 << 20);
        JournalStream stream = journal.GetStream("orders");
        using CancellationTokenSource appended = new();
        Task[] flushes = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!appended.IsCancellationRequested)
            {
                await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            }
        }))];
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(AppendResult.Stored, stream.Append(_time, JournalBench.Entry(i)));
            if (i % 100 == 0)
            {
                JournalBench.Until(() => _bench.Store.Entries.Count > i);
            }
        }

        await appended.CancelAsync();
        await Task.WhenAll(flushes);
        await journal.FlushAsync().WaitAsync(JournalBench.Generous);

        // As they came to the store, and by their numbers too.
        Assert.InRange(_bench.Store.Objects.Count, Count / 100, Count);
        Assert.Equal(Enumerable.Range(0, Count).Select(static n => $"{{\"n\":{n}}}"), _bench.Store.Objects.SelectMany(static o => o.Lines));
        Assert.Equal(_bench.Store.Objects.SelectMany(static o => o.Lines), _bench.Store.Entries);
    }

    /// <summary>Cause: closing took five seconds a shard. On this clock no second ever passes: who waits for one closes never.</summary>
    [Fact]
    public async Task ClosingManyShardsTakesNoPauseForEach()
    {
        Journal journal = _bench.Open(static o =>
        {
            o.UseTimeProvider(new FakeTimeProvider(_time));
            o.Shards = 36;
            o.Streams.Add(new StreamRule { Match = "**", MaxObjectEntries = 1 });
        });
        for (int i = 0; i < 36; i++)
        {
            Assert.Equal(AppendResult.Stored, journal.GetStream($"s/{i}").Append(_time, JournalBench.Entry(i)));
        }

        await Task.Run(async () => await journal.DisposeAsync()).WaitAsync(JournalBench.Generous);

        Assert.Equal(36, _bench.Store.Objects.Select(static o => o.Key[0]).Distinct().Count());
        Assert.Empty(_bench.Failures);
    }

    /// <summary>Cause: a queue that recovered more than its maximum did not open. Ours opened, and packed nothing: the log alone left the packer no room.</summary>
    [Fact]
    public async Task ABacklogAboveTheMaximumOpensAndIsDelivered()
    {
        const int Count = 3000;
        const long Most = (1 << 20) + (2 * (128 << 10)) + (1 << 20) + (16 << 20);
        _bench.Store.GoAway();
        long left;
        LaneHost host;
        await using (Journal first = _bench.Open(static o => Small(o, 1 << 30)))
        {
            for (int i = 0; i < Count; i++)
            {
                Assert.Equal(AppendResult.Stored, JournalBench.Append(first, i, length: 8000));
            }

            await first.CommitAsync().WaitAsync(JournalBench.Generous);
            left = first.GetStats().DiskBytes;
            host = JournalRegistry.All().Single(core => core.Settings.LocalDirectory.Path == _bench.Options().LocalDirectory).Host;
        }

        // Its lane is free then; while one is held the second would have another, and leave this to a later look.
        JournalBench.Until(() => host.HasEnded);
        Assert.InRange(left, Most + (1 << 20), long.MaxValue);
        _bench.Store.ComeBack();
        await using Journal second = _bench.Open(static o => Small(o, Most));
        await second.FlushAsync().WaitAsync(JournalBench.Generous);

        Assert.Equal(Count, _bench.Store.Entries.Count);
        JournalBench.Until(() => JournalBench.Append(second, Count) == AppendResult.Stored);

        static void Small(JournalOptions options, long mostBytes)
        {
            options.RingBytes = 1 << 20;
            options.MaxObjectBytes = 1 << 20;
            options.MaxDiskBytes = mostBytes;
            options.ShutdownTimeout = TimeSpan.Zero;
        }
    }

    /// <summary>Cause: files of others that looked like those of the queue were deleted.</summary>
    [Fact]
    public void FilesThatLookLikeOursAndAreNotStay()
    {
        string lane = Path.Join(_root.FullName, "local", "0");
        Journal.Open(OnDisk("store")).Dispose();
        string[] names =
        [
            "backup.segment", "1-8.segment", "00000000001-0000000000000008.segment", "0000000001-0000000000000008.segment.bak", "0000000001-000000000000000G.segment",
            "notes.segment.tmp", "1-0.object", "000000000001-0.object.old", "notes.sealed", "notes.tmp", "checkpoint.3", "slab_1", "ring.old",
        ];
        foreach (string name in names)
        {
            File.WriteAllText(Path.Join(lane, name), "not ours");
        }

        // One that is named as ours are to the last letter is set aside, and its bytes are kept.
        File.WriteAllText(Path.Join(lane, "0000009999-00000000ffffff00.segment"), "not ours");
        using (Journal journal = Journal.Open(OnDisk("store")))
        {
            JournalBench.Append(journal, 1);
        }

        Assert.All(names, name => Assert.Equal("not ours", File.ReadAllText(Path.Join(lane, name))));
        Assert.Equal("not ours", File.ReadAllText(Assert.Single(Directory.GetFiles(lane, "0000009999-*.damaged"))));
        Assert.Single(Directory.GetFiles(Path.Join(_root.FullName, "store"), "*.ndjson", SearchOption.AllDirectories));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private JournalOptions OnDisk(string store, Action<JournalOptions>? change = null)
    {
        JournalOptions options = new()
        {
            Destination = new Uri(Path.Join(_root.FullName, store)).AbsoluteUri,
            LocalDirectory = Path.Join(_root.FullName, "local"),
            MinFreeDiskBytes = 0,
            Compression = Compression.None,
            ReportToStandardError = false,
        };
        change?.Invoke(options);
        return options;
    }
}
