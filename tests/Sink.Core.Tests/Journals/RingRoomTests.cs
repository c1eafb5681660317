using Sink.Core.Diagnostics;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Options;
using Sink.Core.Storage;

namespace Sink.Core.Tests.Journals;

public class RingRoomTests
{
    [Fact]
    public void ACommitBetweenAFullRingAndTheWaitForRoomIsNotMissed()
    {
        // No committer runs: the commit below is the only one that ever comes.
        JournalBench bench = new();
        HookedTime time = new();
        StorageDirectory directory = bench.Options().OpenDirectory("/lane");
        LaneSettings settings = LaneSettings.From(JournalSettings.From(bench.Options(), ProcessEnvironment.Instance, static _ => true));
        using Lane lane = Lane.Open(new LanePlace(directory, directory, 0, bench.Store, new JournalClock(time)), settings, 7, static _ => { });
        JournalLog log = lane.Log;
        uint state = log.NameState("orders"u8);
        long size = 0;
        while (log.Head - log.Durable + (2 * size) <= 64 << 10)
        {
            long head = log.Head;
            Assert.Equal(AppendResult.Stored, log.Append("orders"u8, state, 0, JournalBench.Entry(1, 8000), FrameTag.Plain, out _));
            size = log.Head - head;
        }

        // The first look at the clock comes after the attempt that found the ring full.
        int looks = 0;
        time.OnLook = () =>
        {
            if (looks++ == 0)
            {
                while (log.Commit())
                {
                }
            }
        };
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(AppendResult.Stored, log.Append("orders"u8, state, 0, JournalBench.Entry(2, 8000), FrameTag.Plain, out _));
        }

        Assert.True(looks > 0, "the ring was not full");
        Assert.True(log.LongestWait < TimeSpan.FromMilliseconds(900), $"waited {log.LongestWait}");
    }

    private sealed class HookedTime : TimeProvider
    {
        public Action? OnLook { get; set; }

        public override long GetTimestamp()
        {
            OnLook?.Invoke();
            return base.GetTimestamp();
        }
    }
}
