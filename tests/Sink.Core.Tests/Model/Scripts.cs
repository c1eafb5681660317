using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Model;

/// <summary>What a journal lives through, without a crash; the crashes are put between any two of its calls.</summary>
internal static class Scripts
{
    /// <summary>Two streams, two dates; commits, a roll, checkpoints, a seal, deliveries, a kill with uncommitted entries, an orderly end.</summary>
    public static void Life(JournalWorld world)
    {
        world.Open();
        AppendMixed(world, 20);
        world.Commit();
        AppendMixed(world, 20);
        world.Commit();
        world.Pack();
        world.Checkpoint();
        AppendMixed(world, 30);
        world.CommitAll();
        world.Pack();
        world.Seal();
        AppendMixed(world, 10);
        world.CommitAll();
        world.Pack();
        world.Deliver();
        world.Checkpoint();
        AppendMixed(world, 10);
        world.Kill();
        world.Open();
        AppendMixed(world, 10);
        world.CommitAll();
        world.Pack();
        world.Seal();
        while (world.Deliver())
        {
        }

        world.TryClose();
    }

    /// <summary>Killed within the last checkpoint: what it says is page cache. The next run acts on it, and the power fails.</summary>
    public static void KilledInACheckpoint(JournalWorld world)
    {
        world.Open();
        world.Append(4, "web", 700);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        world.Trouble = static call => call.Site == SyncSite.CheckpointNames ? new SimulatedCrashException("before the sync") : null;
        try
        {
            world.Seal();
        }
        catch (SimulatedCrashException)
        {
        }

        world.Trouble = null;
        world.Kill();
        world.Open();
        world.Deliver();
    }

    public static void AppendMixed(JournalWorld world, int count, int number = 0)
    {
        for (int i = 0; i < count; i++)
        {
            string stream = i % 3 == 0 ? "orders/api" : "web";
            TimeSpan late = i % 5 == 0 ? TimeSpan.FromDays(1) : TimeSpan.Zero;
            world.Append(stream, 1 + (i * 37 % 400), late, number);
        }
    }
}
