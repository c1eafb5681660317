using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.CrashStates;

/// <summary>Looks at a world after its first crash, lets it die again, within its recovery or after more appends, and looks again.</summary>
internal sealed class SecondCrash(Random random)
{
    private const int RecoveryCalls = 60;

    /// <summary>What happened after the first crash.</summary>
    public string Story { get; private set; } = "";

    /// <param name="world">Dead.</param>
    public void Check(JournalWorld world)
    {
        if (random.Next(2) == 0)
        {
            JournalWorld again = world.Fork();
            world.OpenAll();
            world.Drain();
            DieInRecovery(again);
            world = again;
        }
        else
        {
            world.OpenAll();
            world.Check();
            GoOn(world);
        }

        Die(world);
        world.OpenAll();
        world.Drain();
    }

    private void DieInRecovery(JournalWorld world)
    {
        int call = random.Next(1, RecoveryCalls);
        CrashMoment moment = (CrashMoment)random.Next(3);
        Story = $", opened and cut off {moment} call {call}";
        world.Disk.CrashAfterCall(call, moment);
        try
        {
            world.OpenAll();
        }
        catch (SimulatedCrashException)
        {
        }
    }

    /// <summary>Of the sizes that the lost ones had: what stands behind them in the ring could pass for their successors.</summary>
    private void GoOn(JournalWorld world)
    {
        Operations.Do(world, Operation.Append);
        Story = ", opened, and more was appended";
        if (random.Next(2) == 0)
        {
            world.Commit();
            Story += ", committed";
            if (random.Next(2) == 0)
            {
                world.Pack();
                world.Seal();
                world.Deliver();
                Story += ", sealed, one delivered";
            }

            world.Append(1, "a", 100);
        }
    }

    private void Die(JournalWorld world)
    {
        int fate = random.Next(4);
        ulong seed = (ulong)random.NextInt64();
        if (fate == 0)
        {
            world.Kill();
            Story += ", killed";
        }
        else
        {
            world.LosePower(fate == 1 ? PowerLossChoice.AllLost : PowerLossChoice.Seeded(seed));
            Story += fate == 1 ? ", power lost and all with it" : $", power lost with seed {seed}";
        }
    }
}
