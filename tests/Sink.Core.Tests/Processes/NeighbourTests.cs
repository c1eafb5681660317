using Crash;
using Microsoft.Extensions.Time.Testing;
using S3Journal.Proofs;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Processes;

/// <summary>Real processes side by side on one directory; one is killed, and another delivers what it left.</summary>
public sealed class NeighbourTests : IDisposable
{
    private const int Enough = 300;

    private readonly RunPlace _place = RunPlace.CreateIn(AppContext.BaseDirectory);
    private readonly Ledger _ledger = new();
    private readonly Bucket _bucket;
    private readonly List<string> _failures = [];
    private readonly HashSet<(int Lane, int Life)> _seen = [];

    public NeighbourTests()
    {
        _bucket = new Bucket(_place);
    }

    public void Dispose() => Directory.Delete(_place.Root, recursive: true);

    [Fact]
    public async Task AKilledProcesssLaneIsDeliveredByTheOneThatLives()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        using ChildProcess killed = await StartAsync(life: 1, lane: 0);
        JournalOptions options = Options();
        options.UseTimeProvider(time);
        await using (Journal journal = Journal.Open(options))
        {
            Assert.Equal(1, journal.GetStats().Lane);
            for (int number = 1; number <= Enough; number++)
            {
                Assert.Equal(AppendResult.Stored, journal.GetStream("neighbour").Append(DateTimeOffset.UtcNow, new Entry(2, 0, number, 20).ToBytes()));
                _ledger.Acknowledge(life: 2, thread: 0, number);
            }

            // As long as the other lives its lane is not touched, however often the neighbour looks.
            for (int looks = 0; looks < 5; looks++)
            {
                time.Advance(TimeSpan.FromSeconds(61));
                await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            }

            long before = killed.Acknowledged;
            Assert.True(await killed.ReadUntilAsync(child => child.Acknowledged >= before + Enough));
            await ReadBucketAsync();
            Assert.Equal([(1, 2)], _seen);

            await killed.KillAsync();
            Assert.True(_ledger.Undelivered >= 2 * Enough);
            while (_ledger.Undelivered > 0 && _ledger.IsRight)
            {
                time.Advance(TimeSpan.FromSeconds(61));
                await journal.FlushAsync().WaitAsync(JournalBench.Generous);
                await ReadBucketAsync();
            }
        }

        await SettleAsync("two processes, one killed", [(0, 1), (1, 2)]);
    }

    [Fact]
    public async Task WhatAKilledAndAClosedProcessLeftIsDeliveredByTheNext()
    {
        using (ChildProcess killed = await StartAsync(life: 1, lane: 0))
        using (ChildProcess closed = await StartAsync(life: 2, lane: 1))
        {
            await killed.KillAsync();
            await closed.CloseAsync();
            Assert.True(closed.HasClosed);
        }

        await ReadBucketAsync();
        Assert.Empty(_seen);
        await using (Journal journal = Journal.Open(Options()))
        {
            Assert.Equal(0, journal.GetStats().Lane);
            long end = Environment.TickCount64 + (long)JournalBench.Generous.TotalMilliseconds;
            while (_ledger.Undelivered > 0 && _ledger.IsRight)
            {
                Assert.True(Environment.TickCount64 < end, $"{_ledger.Undelivered} entries are not delivered.");
                await journal.FlushAsync().WaitAsync(JournalBench.Generous);
                await ReadBucketAsync();
            }
        }

        await SettleAsync("two processes, one killed, one closed", [(0, 1), (1, 2)]);
    }

    /// <summary>One that keeps everything it is given, and has something to lose.</summary>
    private async Task<ChildProcess> StartAsync(int life, int lane)
    {
        ChildProcess child = ChildProcess.Start(CrashProgram.Path, _place, LongForm.Seed, life, _ledger, isHeld: true);
        Assert.True(await child.ReadUntilAsync(static child => child.Lane is not null && child.Acknowledged >= Enough));
        Assert.Equal(lane, child.Lane);
        return child;
    }

    private JournalOptions Options() => _place.Options(failure =>
    {
        lock (_failures)
        {
            _failures.Add(failure.ToString());
        }
    });

    private async Task ReadBucketAsync()
    {
        foreach (Crash.DeliveredObject delivered in await _bucket.ReadNewAsync())
        {
            _ledger.Add(delivered);
            _seen.UnionWith(delivered.Entries.Select(entry => (delivered.Metadata.Lane, entry!.Value.Life)));
        }
    }

    /// <summary>Every entry that any of them acknowledged is there, once and in order, under the lane of its own process.</summary>
    private async Task SettleAsync(string proof, IEnumerable<(int Lane, int Life)> expected)
    {
        await ReadBucketAsync();
        _ledger.Settle(life: 2);
        Assert.True(_ledger.IsRight, string.Join('\n', _ledger.Faults));
        Assert.Equal(expected, _seen.Order());
        lock (_failures)
        {
            Assert.Empty(_failures);
        }

        Figures.Report(proof, ("entries", _ledger.Acknowledged), ("found", _ledger.Found), ("lost", _ledger.Lost), ("doubled", _ledger.Doubled), ("seed", $"{LongForm.Seed}"));
    }
}
