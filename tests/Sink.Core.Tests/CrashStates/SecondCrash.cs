using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.CrashStates;

/// <summary>Lets a world die again, within its recovery or after more appends, and looks what came of it.</summary>
/// <param name="world">Dead.</param>
/// <param name="random">Decides how it dies again.</param>
/// <param name="inRecovery">Or after more appends.</param>
internal sealed class SecondCrash(JournalWorld world, Random random, bool inRecovery)
{
    private const int RecoveryCalls = 60;

    /// <summary>What happened after the first crash.</summary>
    public string Story { get; private set; } = "";

    public void Check()
    {
        if (inRecovery)
        {
            DieInRecovery();
        }
        else
        {
            // What is there now must stay, what is gone must stay gone.
            world.OpenAll();
            world.Check();
            GoOn();
        }

        Die();
        world.OpenAll();
        world.Drain();
        world.Forget();
    }

    private void DieInRecovery()
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
    private void GoOn()
    {
        Story = ", opened";
        if (random.Next(2) == 0)
        {
            // On the word of a checkpoint that the last process may not have synced.
            Story += world.Deliver() ? ", an object delivered" : "";
        }

        Operations.Do(world, Operation.Append);
        Story += ", more appended";
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

    private void Die()
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
