using Microsoft.Extensions.Time.Testing;
using Sink.Core.Delivery;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Journals;

public class UploadTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task AStoreThatIsAwayIsTriedWithGrowingPausesAndReportedOnce()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        List<DateTimeOffset> tries = [];
        _bench.Store.OnPut = (_, _) =>
        {
            lock (tries)
            {
                tries.Add(time.GetUtcNow());
            }

            return Task.FromResult<PutResult?>(new PutResult(PutOutcome.Unavailable, "the store is away"));
        };
        Journal journal = _bench.Open(o =>
        {
            o.UseTimeProvider(time);
            o.ShutdownTimeout = TimeSpan.Zero;
        });
        for (int i = 0; i < 8; i++)
        {
            JournalBench.Append(journal, i, $"s/{i}");
        }

        using CancellationTokenSource cancel = new();
        Task<FlushResult> flush = journal.FlushAsync(cancel.Token);
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return _bench.Store.Puts >= 4;
        });
        DateTimeOffset from = time.GetUtcNow();
        int before = _bench.Store.Puts;
        for (int i = 0; i < 600; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            SpinWait.SpinUntil(() => false, 1);
        }

        // Ten minutes: half of 30 s each in the mean, and never more at once than one while it is away.
        Assert.InRange(_bench.Store.Puts - before, 5, 200);
        Assert.InRange(_bench.Store.MostInFlight, 1, 4);
        Assert.Single(_bench.Failures, f => f.Message.Contains("away"));
        Assert.True(journal.GetStats().Queue.Retried >= 9);

        _bench.Store.ComeBack();
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return flush.IsCompleted;
        });
        Assert.Equal(8, (await flush).Delivered);

        // Away again is news again.
        _bench.Store.GoAway();
        JournalBench.Append(journal, 9);
        _ = journal.FlushAsync(cancel.Token);
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return _bench.Failures.Count(f => f.Message.Contains("away")) == 2;
        });
        journal.Dispose();
    }

    [Fact]
    public async Task ARefusedObjectHoldsNoSlotAndIsTriedAgainSlowly()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        int refusals = 0;
        _bench.Store.OnPut = (put, _) =>
        {
            bool bad = put.Key.StartsWith("bad", StringComparison.Ordinal) && Volatile.Read(ref refusals) < 6;
            refusals += bad ? 1 : 0;
            return Task.FromResult<PutResult?>(bad ? new PutResult(PutOutcome.Rejected, "refused") : null);
        };
        using Journal journal = _bench.Open(o =>
        {
            o.UseTimeProvider(time);
            o.MaxConcurrentUploads = 1;
        });
        for (int i = 0; i < 2; i++)
        {
            JournalBench.Append(journal, i, $"bad/{i}");
            JournalBench.Append(journal, i, $"good/{i}");
        }

        Task<FlushResult> flush = journal.FlushAsync();
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            return flush.IsCompleted;
        });
        await Assert.ThrowsAsync<JournalException>(() => flush);
        Assert.Equal(2, _bench.Store.Entries.Count);
        Assert.Equal(2, refusals);

        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            return _bench.Store.Entries.Count == 4;
        });
        Assert.Equal(6, refusals);

        // Each is reported when it is refused first, and not at every try.
        Assert.Equal(2, _bench.Failures.Count(f => f.Message.Contains("refuses the object bad/")));
    }

    [Fact]
    public async Task APutThatLandedBeforeItsTimeoutIsDoneAndOtherBytesUnderTheKeyAreLeft()
    {
        int puts = 0;
        _bench.Store.OnPut = (put, _) =>
        {
            puts++;
            switch (puts)
            {
                case 1:
                    // Stored, but the answer was lost.
                    _bench.Store.Plant(ScriptedStore.Landed(put));
                    return Task.FromResult<PutResult?>(new PutResult(PutOutcome.Unavailable, "no answer"));
                case 3:
                    _bench.Store.Plant(new StoredBytes(put.Key, [1, 2, 3], "{}"));
                    return Task.FromResult<PutResult?>(null);
                default:
                    return Task.FromResult<PutResult?>(null);
            }
        };
        using Journal journal = _bench.Open();
        JournalBench.Append(journal, 1);
        Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);
        string first = Assert.Single(_bench.Store.Objects).Key;

        JournalBench.Append(journal, 2);
        Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);
        Assert.Equal(3, _bench.Store.Objects.Count);
        StoredBytes beside = _bench.Store.Objects[^1];
        Assert.StartsWith(_bench.Store.Objects[1].Key[.._bench.Store.Objects[1].Key.IndexOf('.')] + "-", beside.Key);
        Assert.Equal("{\"n\":2}", Assert.Single(beside.Lines));
        Assert.Equal([1, 2, 3], _bench.Store.Objects[1].Bytes);
        Assert.NotEqual(first, beside.Key);
        Assert.Contains(_bench.Failures, f => f.Kind == JournalFailureKind.Permanent && f.Message.Contains("two writers"));
    }

    // A gateway may write metadata in another way; only other bytes are another writer's.
    [Fact]
    public async Task AnObjectOfOursWhoseMetadataTheStoreAlteredIsDone()
    {
        int puts = 0;
        _bench.Store.OnPut = (put, _) =>
        {
            if (puts++ > 0)
            {
                return Task.FromResult<PutResult?>(null);
            }

            _bench.Store.Plant(ScriptedStore.Landed(put) with { Metadata = put.Metadata.Replace(",", ", ", StringComparison.Ordinal) });
            return Task.FromResult<PutResult?>(new PutResult(PutOutcome.Unavailable, "no answer"));
        };
        using Journal journal = _bench.Open();
        JournalBench.Append(journal, 1);

        Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);

        Assert.Single(_bench.Store.Objects);
        Assert.DoesNotContain(_bench.Failures, f => f.Message.Contains("two writers"));
    }

    [Fact]
    public async Task OtherBytesOfOneLengthUnderOurKeyAreAnotherWriters()
    {
        int puts = 0;
        _bench.Store.OnPut = (put, _) =>
        {
            if (puts++ == 0)
            {
                StoredBytes ours = ScriptedStore.Landed(put);
                _bench.Store.Plant(ours with { Bytes = new byte[ours.Bytes.Length], Metadata = "{}" });
            }

            return Task.FromResult<PutResult?>(null);
        };
        using Journal journal = _bench.Open();
        JournalBench.Append(journal, 1);

        Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);

        Assert.Equal(2, _bench.Store.Objects.Count);
        Assert.Equal("{\"n\":1}", Assert.Single(_bench.Store.Objects[1].Lines));
        Assert.Contains(_bench.Failures, f => f.Kind == JournalFailureKind.Permanent && f.Message.Contains("two writers"));
    }

    [Fact]
    public async Task AFileThatCannotBeDeletedAfterDeliveryIsNotTheStoresFault()
    {
        _bench.Disk.Fault = static call => call.Kind == DiskCallKind.Delete && SealedName.TryParse(call.Name, out _) ? new UnauthorizedAccessException("not yours") : null;
        using Journal journal = _bench.Open();
        JournalBench.Append(journal, 1, "a");
        JournalBench.Append(journal, 2, "b");

        JournalException kept = await Assert.ThrowsAsync<JournalException>(() => journal.FlushAsync().WaitAsync(JournalBench.Generous));

        Assert.Contains("2 objects", kept.Message);
        Assert.Equal(["{\"n\":1}", "{\"n\":2}"], _bench.Store.Entries.Order(StringComparer.Ordinal));
        Assert.Equal(2, _bench.Failures.Count(f => f.Message.Contains("not be deleted")));
        Assert.DoesNotContain(_bench.Failures, f => f.Message.Contains("could not be delivered"));
        _bench.Disk.Fault = null;
    }

    [Fact]
    public async Task WhereWeMayPutAndNotLookAnObjectUnderOurKeyIsOursAndThatIsSaidOnce()
    {
        // Each put lands, and its answer is lost; then the key is taken.
        HashSet<string> landed = [];
        _bench.Store.OnPut = (put, _) =>
        {
            if (!landed.Add(put.Key))
            {
                return Task.FromResult<PutResult?>(null);
            }

            _bench.Store.Plant(ScriptedStore.Landed(put));
            return Task.FromResult<PutResult?>(new PutResult(PutOutcome.Unavailable, "no answer"));
        };
        _bench.Store.OnHead = static _ => throw new StoreAccessException("access is denied", new IOException());
        using Journal journal = _bench.Open();
        for (int i = 0; i < 3; i++)
        {
            JournalBench.Append(journal, i);
            Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);
        }

        Assert.Equal(3, _bench.Store.Objects.Count);
        Assert.Single(_bench.Failures, f => f.Message.Contains("does not let us see"));
        Assert.DoesNotContain(_bench.Failures, f => f.Message.Contains("two writers"));
    }

    [Fact]
    public async Task AKeyThatIsTakenByNothingIsPutAgain()
    {
        int puts = 0;
        _bench.Store.OnPut = (_, _) => Task.FromResult<PutResult?>(puts++ == 0 ? new PutResult(PutOutcome.AlreadyThere) : null);
        using Journal journal = _bench.Open();
        JournalBench.Append(journal, 1);
        Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);
        Assert.Equal("{\"n\":1}", Assert.Single(_bench.Store.Entries));
        Assert.Equal(2, puts);
        Assert.DoesNotContain(_bench.Failures, f => f.Message.Contains("two writers"));
    }

    [Fact]
    public async Task WhateverAStoreThrowsIsWaitAndReport()
    {
        Queue<Exception> odd = new([new InvalidOperationException("odd 1"), new NullReferenceException("odd 2"), new TaskCanceledException("odd 3"), new OutOfMemoryException("odd 4")]);
        _bench.Store.OnPut = (_, _) => odd.TryDequeue(out Exception? next) ? throw next : Task.FromResult<PutResult?>(null);
        using Journal journal = _bench.Open();
        JournalBench.Append(journal, 1);
        Assert.Equal(1, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);
        Assert.Contains("odd 1", Assert.Single(_bench.Failures).Message);
    }

    [Fact]
    public async Task ASidecarWithoutItsDataIsDoneWhenTheStoreHasItAndLostWhenNot()
    {
        _bench.Store.GoAway();
        using (Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.Zero))
        {
            JournalBench.Append(journal, 1, "there");
            JournalBench.Append(journal, 2, "lost");
        }

        // One as after a crash between the two deletes, one as after a user's rm.
        StoredBytes? landed = null;
        _bench.Store.OnPut = (put, _) =>
        {
            if (put.Key.StartsWith("there", StringComparison.Ordinal))
            {
                landed = ScriptedStore.Landed(put);
            }

            return Task.FromResult<PutResult?>(new PutResult(PutOutcome.Unavailable, "away"));
        };
        using (Journal second = _bench.Open(o => o.ShutdownTimeout = TimeSpan.Zero))
        using (CancellationTokenSource cancel = new())
        {
            // The flush seals what the first, closed without time to, may have left open.
            Task<FlushResult> flush = second.FlushAsync(cancel.Token);
            JournalBench.Until(() => landed is not null);
            await cancel.CancelAsync();
            await flush.WaitAsync(JournalBench.Generous);
        }

        _bench.Store.Plant(landed!);
        _bench.Store.ComeBack();
        Sink.Core.Storage.StorageDirectory lane = _bench.Options().OpenDirectory(_bench.Options().LocalDirectory!).OpenDirectory("0")!;
        foreach (Sink.Core.Storage.StorageEntry entry in lane.List())
        {
            if (StagedName.TryParse(entry.Name, out _, out _))
            {
                lane.Delete(entry.Name);
            }
        }

        using Journal next = _bench.Open();
        await next.FlushAsync().WaitAsync(JournalBench.Generous);
        JournalStats stats = next.GetStats();
        Assert.Equal(1, stats.Uploaded);
        Assert.Equal(1, stats.Dropped[DropCause.Damaged]);
        Assert.Equal(0, stats.BacklogEntries);
        _bench.WaitForFailure(f => f.Kind == JournalFailureKind.Permanent && f.Entries == 1);
    }

    [Fact]
    public async Task UploadsRunSideBySideButNeverTwoOfOneStreamAndDate()
    {
        List<string> inFlight = [];
        int most = 0;
        bool twice = false;
        using Journal journal = _bench.Open(o => o.MaxConcurrentUploads = 3);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Store.OnPut = async (put, _) =>
        {
            string partition = put.Key[..put.Key.LastIndexOf('/')];
            lock (inFlight)
            {
                twice |= inFlight.Contains(partition);
                inFlight.Add(partition);
                most = Math.Max(most, inFlight.Count);
            }

            await release.Task;
            lock (inFlight)
            {
                inFlight.Remove(partition);
            }

            return null;
        };

        // Two streams and three slots: the third stays free, though more objects of both wait.
        List<Task> flushes = [];
        for (int round = 0; round < 4; round++)
        {
            JournalBench.Append(journal, round, "s/0");
            JournalBench.Append(journal, round, "s/1");
            int want = 2 * (round + 1);
            flushes.Add(journal.FlushAsync());
            JournalBench.Until(() => journal.GetStats().Queue is { OpenObjects: 0 } q && q.Enqueued + q.Completed == want);
        }

        JournalBench.Until(() =>
        {
            lock (inFlight)
            {
                return inFlight.Count == 2;
            }
        });
        release.SetResult();
        await Task.WhenAll(flushes).WaitAsync(JournalBench.Generous);
        Assert.Equal(2, most);
        Assert.False(twice);
        Assert.Equal(8, _bench.Store.Objects.Count);
    }

    [Fact]
    public async Task AnObjectThatFailsAlwaysDoesNotStarveTheOthers()
    {
        // As one whose local file cannot be read, or whose body some proxy cuts off: it looks as if the store were away.
        _bench.Store.OnPut = (put, _) => put.Key.StartsWith("bad", StringComparison.Ordinal) ? throw new IOException("bad object") : Task.FromResult<PutResult?>(null);
        using Journal journal = _bench.Open(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        JournalBench.Append(journal, 0, "bad");
        for (int i = 0; i < 12; i++)
        {
            JournalBench.Append(journal, i, $"good/{i}");
        }

        JournalException parked = await Assert.ThrowsAsync<JournalException>(() => journal.FlushAsync().WaitAsync(JournalBench.Generous));
        Assert.Contains("refuses 1 objects", parked.Message);
        Assert.Equal(12, _bench.Store.Entries.Count);
        _bench.WaitForFailure(f => f.Message.Contains("again and again"));
    }
}
