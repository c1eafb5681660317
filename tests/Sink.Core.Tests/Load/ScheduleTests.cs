using System.Text;
using S3Journal.Proofs;
using Sink.Core.Diagnostics;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.Load;

/// <summary>Delivery to a store that answers at random: no pause is longer than its bound, and each change of state is told once.</summary>
[Trait(LongForm.Trait, LongForm.Yes)]
public sealed class ScheduleTests
{
    private const int Streams = 5;
    private const int Objects = 40;
    private const int Moods = 300;

    /// <summary>Objects that the store refused are tried again after that long.</summary>
    private static readonly TimeSpan _unparkAfter = TimeSpan.FromMinutes(5);

    [Fact]
    public void NoPauseIsLongerThanItsBoundWhateverTheStoreAnswers()
    {
        int lives = (int)LongForm.Count(100, 4_000);
        long tries = 0;
        long failures = 0;
        long departures = 0;
        long refused = 0;
        TimeSpan longest = TimeSpan.Zero;
        TimeSpan recovery = TimeSpan.Zero;
        for (int i = 0; i < lives; i++)
        {
            int seed = unchecked(LongForm.Seed + (i * 7919));
            (MoodyStore store, TimeSpan recovered) = Live(seed);
            tries += store.Tries;
            failures += store.Failures;
            departures += store.Departures;
            refused += store.Refused;
            longest = store.LongestPause > longest ? store.LongestPause : longest;
            recovery = recovered > recovery ? recovered : recovery;
        }

        // Else the bounds were never put to the test.
        Assert.InRange(failures, lives * 10L, long.MaxValue);
        Assert.InRange(longest, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
        Figures.Report(
            "delivery schedule",
            ("lives", lives),
            ("objects", lives * Objects),
            ("tries", tries),
            ("failures", failures),
            ("times away", departures),
            ("objects refused", refused),
            ("longest pause", $"{longest.TotalSeconds:F1} s"),
            ("longest recovery", $"{recovery.TotalSeconds:F0} s"),
            ("seed", $"{LongForm.Seed}"));
    }

    /// <summary>One backlog, delivered; and how long that took from the moment on when all was well.</summary>
    private static (MoodyStore Store, TimeSpan Recovered) Live(int seed)
    {
        SteppedTime time = new();
        MoodyStore store = new(seed, time) { Moods = Moods };
        List<JournalFailure> failures = [];
        StorageDirectory directory = new MemoryDisk().Root.CreateDirectory("0", SyncSite.JournalDirectory);
        LanePlace place = new(directory, directory, 0, store.Store, new JournalClock(time));
        LaneSettings settings = new ModelLane(0).Settings();
        using Lane lane = Lane.Open(place, settings with { Plan = settings.Plan with { Packing = settings.Plan.Packing.NotCompressed() } }, 7, failures.Add);
        SealObjects(lane, time);

        DeliveryLoop loop = new(lane, place.Clock, maxUploads: 1, static _ => { });
        loop.Wake();
        Thread thread = new(loop.Run);
        thread.Start();
        long wellSince = 0;
        while (lane.Backlog.Count > 0)
        {
            TimeSpan wait = time.AwaitWait();
            bool hasWork = lane.Backlog.Count > lane.Backlog.Parked;
            store.HadOnlyParked |= !hasWork;
            TimeSpan bound = hasWork ? store.Bound : _unparkAfter;
            Assert.True(wait <= bound, $"Seed {seed}: with {lane.Backlog.Count} objects, {lane.Backlog.Parked} of them refused, and {store.InARow} failures in a row, the loop waits {wait}, longer than {bound}.");
            if (store.Moods > 0)
            {
                wellSince = time.GetTimestamp();
            }

            if (lane.Backlog.Count > 0)
            {
                time.Pass();
            }
        }

        TimeSpan recovered = time.GetElapsedTime(wellSince);
        loop.Stop();
        thread.Join();
        Check(seed, store, failures);
        Assert.True(recovered <= _unparkAfter + TimeSpan.FromSeconds(60), $"Seed {seed}: {recovered} after the last trouble all was delivered.");
        return (store, recovered);
    }

    private static void SealObjects(Lane lane, SteppedTime time)
    {
        for (int i = 0; i < Objects; i++)
        {
            byte[] name = Encoding.UTF8.GetBytes($"s/{i % Streams}");
            Assert.Equal(AppendResult.Stored, lane.Log.Append(name, lane.Log.NameState(name), time.GetUtcNow().UtcTicks, Encoding.UTF8.GetBytes($"{{\"n\":{i}}}"), FrameTag.Plain, out _));
            while (lane.Log.Commit())
            {
            }

            while (lane.Pack())
            {
            }

            Assert.NotNull(lane.SealBelow(lane.Packer.Routed));
        }

        Assert.Equal(Objects, lane.Backlog.Count);
    }

    private static void Check(int seed, MoodyStore store, List<JournalFailure> failures)
    {
        Assert.True(store.Breaches.Count == 0, $"Seed {seed}: {string.Join(" | ", store.Breaches)}");
        Assert.Equal(Enumerable.Range(0, Objects).Select(static n => $"{{\"n\":{n}}}"), store.Store.Entries);
        Assert.All(failures, failure => Assert.Equal(JournalFailureKind.Temporary, failure.Kind));

        // Once per change of state, and not per try; a refused object, and one that fails beside others, once for all its tries.
        int away = failures.Count(static f => f.Entries == 0);
        Assert.True(away == store.Departures, $"Seed {seed}: the store went away {store.Departures} times, and {away} reports say so.");
        Assert.InRange(failures.Count - away, store.Refused > 0 ? 1 : 0, Objects);
    }
}
