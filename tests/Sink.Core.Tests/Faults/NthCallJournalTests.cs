using S3Journal.Proofs;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Faults;

/// <summary>
/// The same with a journal as programs use it, its threads at work: the n-th call is another one in each run, and so is what fails beside it.
/// </summary>
[Trait(LongForm.Trait, LongForm.Yes)]
public class NthCallJournalTests
{
    /// <summary>Calls that a lasting fault goes on for.</summary>
    private const int CallsOfStretch = 20;

    /// <summary>Of a flush on a healed disk: the pauses that failures have made long before may come to half a minute.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task NoCallThatFailsReachesALogCall()
    {
        (long calls, _) = await LiveAsync(default, long.MaxValue, lasts: false);
        long runs = 0;
        long hit = 0;
        for (long n = 1; n <= calls; n++)
        {
            // In every run one of the faults that touch that call; all of them in the long form.
            foreach (FaultKind? kind in LongForm.IsOn ? [.. Fault.Kinds.Select(static kind => (FaultKind?)kind)] : (FaultKind?[])[null])
            {
                foreach (bool lasts in (bool[])(LongForm.IsOn ? [false, true] : [n % 2 == 0]))
                {
                    runs++;
                    try
                    {
                        hit += (await LiveAsync(kind, n, lasts)).Failed > 0 ? 1 : 0;
                    }
                    catch (Exception exception)
                    {
                        throw new Xunit.Sdk.XunitException($"Call {n} of {calls}, {kind?.ToString() ?? "a fault of its own"}{(lasts ? " for a while" : "")}: {exception}", exception);
                    }
                }
            }
        }

        Figures.Report("n-th call of a journal with its threads", ("calls", calls), ("faults", Fault.Kinds.Count), ("runs", runs), ("with a call that failed", hit), ("seed", $"{LongForm.Seed}"));

        // Not every fault touches every call. Too few, and nothing was tried.
        Assert.InRange(hit, runs / (LongForm.IsOn ? 8 : 2), runs);
    }

    /// <summary>Opens, appends, flushes, with the fault; then on the healed disk delivers everything. Returns how many calls were made until then, and how many failed.</summary>
    private static async Task<(long Made, long Failed)> LiveAsync(FaultKind? kind, long n, bool lasts)
    {
        JournalBench bench = new();
        long calls = 0;
        long failed = 0;
        bool isWell = false;
        bench.Disk.Fault = call =>
        {
            calls++;
            bool fails = !isWell && (calls == n || (lasts && calls > n && calls < n + CallsOfStretch));
            if (fails && kind is null)
            {
                FaultKind[] touching = [.. Fault.Kinds.Where(kind => Fault.Of(kind, call) is not null)];
                kind = touching.Length == 0 ? null : touching[(int)((n + (uint)LongForm.Seed) % touching.Length)];
            }

            Exception? fault = fails && kind is { } chosen ? Fault.Of(chosen, call) : null;
            failed += fault is null ? 0 : 1;
            return fault;
        };

        Journal journal = Open(bench, () => isWell = true);
        int stored = Append(journal, 0, 10);
        await TryFlushAsync(journal);
        stored += Append(journal, 10, 10);
        stored += AppendDurable(journal, 25);
        long made = calls;
        isWell = true;
        await FlushWhenItCanAsync(bench, journal);
        CheckSums(journal.GetStats(), received: 21, stored, delivered: bench.Store.Entries.Count);
        journal.Dispose();

        journal = bench.Open();
        stored += Append(journal, 20, 5);
        await FlushWhenItCanAsync(bench, journal);
        Assert.Equal(stored, bench.Store.Entries.Count);
        Assert.Equal(stored, bench.Store.Entries.Distinct().Count());
        journal.Dispose();
        Assert.Equal(0, bench.Disk.OpenHandles);
        return (made, failed);
    }

    /// <summary>An open may fail, by the one exception that it says; the next one on a disk that is well does not.</summary>
    private static Journal Open(JournalBench bench, Action heal)
    {
        try
        {
            return bench.Open(static options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
        }
        catch (JournalException exception)
        {
            Assert.False(exception.IsConfiguration);
            Assert.Contains(bench.Options().LocalDirectory!, exception.Message, StringComparison.Ordinal);
            Assert.Equal(0, bench.Disk.OpenHandles);
            heal();
            return bench.Open();
        }
    }

    private static int Append(Journal journal, int first, int count)
    {
        int stored = 0;
        for (int i = first; i < first + count; i++)
        {
            stored += JournalBench.Append(journal, i, i % 2 == 0 ? "orders" : "web", 200) == AppendResult.Stored ? 1 : 0;
        }

        return stored;
    }

    /// <summary>Ends by success, or by the one exception that it says; then the entry is stored all the same, or refused.</summary>
    private static int AppendDurable(Journal journal, int number)
    {
        long before = journal.GetStats().Enqueued;
        int Stored() => (int)(journal.GetStats().Enqueued - before);
        try
        {
            journal.GetStream("orders").AppendDurable(DateTimeOffset.UtcNow, JournalBench.Entry(number, 200), JournalBench.Generous);
            Assert.Equal(1, Stored());
        }
        catch (JournalException)
        {
            Assert.InRange(Stored(), 0, 1);
        }

        return Stored();
    }

    /// <summary>A flush ends by success or by an error, and does not hang.</summary>
    private static async Task TryFlushAsync(Journal journal)
    {
        try
        {
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }
        catch (JournalException)
        {
        }
    }

    /// <summary>The disk is well. An object whose files could not be read for long is tried again only after minutes, which nobody waits for here.</summary>
    private static async Task FlushWhenItCanAsync(JournalBench bench, Journal journal)
    {
        string path = bench.Options().LocalDirectory!;
        for (long end = Environment.TickCount64 + (long)_longest.TotalMilliseconds; ;)
        {
            try
            {
                await journal.FlushAsync().WaitAsync(_longest);
                return;
            }
            catch (JournalException) when (Environment.TickCount64 < end)
            {
                JournalRegistry.All().Single(core => core.Settings.LocalDirectory.Path == path).Host.Lane.Backlog.Unpark();
            }
        }
    }

    private static void CheckSums(JournalStats stats, long received, long stored, long delivered)
    {
        long refused = stats.Dropped.GetValueOrDefault(DropCause.DiskFull) + stats.Dropped.GetValueOrDefault(DropCause.Stalled);
        Assert.Equal(received, stored + refused);
        Assert.Equal(stored, stats.Enqueued);
        Assert.Equal(stored, delivered);
        Assert.Equal(received, stats.Uploaded + stats.BacklogEntries + stats.Dropped.Values.Sum());
    }
}
