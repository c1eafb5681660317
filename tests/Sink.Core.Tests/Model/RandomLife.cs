using Sink.Core.Packing;
using Sink.Core.Tests.Compressing;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Model;

/// <summary>Runs steps against a world; after each death everything is checked.</summary>
internal sealed class RandomLife(int lanes, bool mayNotSync)
{
    private static readonly string[] _streams = ["orders/api", "web", "a"];
    private static readonly TimeSpan[] _late = [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(2), TimeSpan.FromDays(1)];
    private static readonly int[] _sizes = [1, 1, 20, 100, 100, 250, 400, 700, ModelLane.MaxEntryBytes];
    private static readonly int[] _rings = [16 * 1024, 24 * 1024, 12 * 1024];
    private static readonly Compression[] _compressions = Enum.GetValues<Compression>();
    private static readonly string[] _formats = ["yyyy/MM/dd", "yyyy/MM", "yyyy/MM/dd/HH"];

    private readonly JournalWorld _world = JournalWorld.CreateOpen(lanes);

    /// <param name="lanes">How many.</param>
    /// <param name="mayNotSync">Some runs do without the commit's sync.</param>
    /// <param name="steps">The life.</param>
    /// <param name="log">Told of every step and call, to understand a failure.</param>
    public static void Run(int lanes, bool mayNotSync, IEnumerable<ModelStep> steps, Action<string>? log = null)
    {
        RandomLife life = new(lanes, mayNotSync);
        life._world.Watch = log is null ? null : call => log($"  {call}");
        foreach (ModelStep step in steps)
        {
            log?.Invoke($"{step}");
            life.Take(step);
        }

        life._world.Check();
        life.Die(1, 0);
    }

    private void Take(ModelStep step)
    {
        switch (step.Trouble)
        {
            case Trouble.Crash:
                _world.Disk.CrashAfterCall(step.At, (CrashMoment)(step.Seed % 3));
                break;
            case Trouble.FailOnce or Trouble.FailTwice:
                _world.Trouble = Failing(step);
                break;
        }

        try
        {
            Do(step);
            _world.Disk.CrashAfterCall(long.MaxValue / 2);
        }
        catch (SimulatedCrashException)
        {
            Die(step.B, step.Seed);
        }

        _world.Trouble = null;
    }

    private void Do(ModelStep step)
    {
        switch (step.Kind)
        {
            case StepKind.Append:
                for (int i = 0; i < step.A; i++)
                {
                    _world.Append(_streams[(step.Seed + i) % 3], _sizes[(step.Seed / 3 + (i * step.B)) % _sizes.Length], _late[(step.Seed + i) % 5 % 4], step.Lane);
                }

                break;
            case StepKind.Commit:
                _world.Commit(step.Lane);
                break;
            case StepKind.Pack:
                _world.Pack(step.Lane);
                break;
            case StepKind.Checkpoint:
                _world.Checkpoint(step.Lane);
                break;
            case StepKind.Seal:
                _world.Seal(step.Lane);
                break;
            case StepKind.Deliver:
                _world.Deliver(step.Lane);
                break;
            case StepKind.PassTime:
                _world.Clock.Advance(TimeSpan.FromMinutes(step.B * step.B));
                break;
            case StepKind.GiveUpOldest:
                _world.GiveUpOldest(step.Lane);
                break;
            case StepKind.Close:
                _world.TryClose(step.Lane);
                break;
            case StepKind.Reopen:
                _world.Close(step.Lane);
                ChangeOptions(step);
                OpenInSpiteOfFailures(step.Lane);
                break;
            case StepKind.Die:
                Die(step.B, step.Seed);
                break;
        }
    }

    private void OpenInSpiteOfFailures(int lane)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                _world.Open(lane);
                return;
            }
            catch (IOException) when (tries < 3)
            {
            }
        }
    }

    /// <summary>Dies, opens again, perhaps dies on the way and opens again, and looks.</summary>
    private void Die(int fate, int seed)
    {
        _world.Trouble = null;
        Random random = new(seed);
        for (int deaths = 0; ; deaths++)
        {
            if ((fate + deaths) % 2 == 0)
            {
                _world.Kill();
            }
            else
            {
                _world.LosePower(Choice(random));
            }

            if (deaths < 2 && random.Next(3) == 0)
            {
                _world.Disk.CrashAfterCall(random.Next(1, 60), (CrashMoment)random.Next(3));
            }

            try
            {
                _world.OpenAll();
                _world.Disk.CrashAfterCall(long.MaxValue / 2);
                break;
            }
            catch (SimulatedCrashException)
            {
            }
        }

        _world.Check();
    }

    private static PowerLossChoice Choice(Random random) => random.Next(8) switch
    {
        0 => PowerLossChoice.AllLost,
        1 => PowerLossChoice.AllKept,
        2 => CrashPoints.Fates(0)[3 + random.Next(3)].Choice!,
        _ => PowerLossChoice.Seeded((ulong)random.NextInt64()),
    };

    private void ChangeOptions(ModelStep step)
    {
        ModelLane lane = _world.Lanes[step.Lane];
        Random random = new(step.Seed);
        if (random.Next(2) == 0)
        {
            lane.RingBytes = _rings[random.Next(_rings.Length)];
        }

        if (random.Next(2) == 0)
        {
            lane.Packing = new PackingSettings("ndjson", _compressions[random.Next(_compressions.Length)], 1, _formats[random.Next(3)], "UTC");
            ChangeCompressor(lane, random);
        }

        int definitions = random.Next();
        lane.Definitions = random.Next(2) == 0 ? ModelDefinitions.Usual : (stream, run) => ModelDefinitions.Changing(stream, run, definitions);
        if (mayNotSync)
        {
            lane.Fsync = random.Next(3) > 0;
        }
    }

    /// <summary>One of the program's own: there and used, there and not used, or gone; sound, or one that fails on some frames, always on the same.</summary>
    private static void ChangeCompressor(ModelLane lane, Random random)
    {
        int fails = random.Next(3) == 0 ? random.Next(1, 8) : int.MaxValue;
        int use = random.Next(6);
        lane.Compressor = use < 4 ? OwnCompressor.Find(length => _ = length % fails == 0 ? throw new InvalidOperationException("fails") : 0) : null;
        lane.Packing = use < 3 ? lane.Packing with { Custom = lane.Compressor!.Kind } : lane.Packing;
    }

    /// <summary>Fails the n-th call of a kind, or of any, that changes the disk.</summary>
    private static Func<DiskCall, Exception?> Failing(ModelStep step)
    {
        DiskCallKind[] kinds = (step.Seed % 7) switch
        {
            0 => [DiskCallKind.Write],
            1 or 2 => [DiskCallKind.Sync],
            3 => [DiskCallKind.SyncNames],
            4 => [DiskCallKind.Rename, DiskCallKind.TryRename],
            5 => [DiskCallKind.Create, DiskCallKind.Delete],
            _ => [DiskCallKind.Write, DiskCallKind.Sync, DiskCallKind.SyncNames, DiskCallKind.Rename, DiskCallKind.TryRename, DiskCallKind.Create, DiskCallKind.Delete, DiskCallKind.Truncate, DiskCallKind.Map],
        };
        int left = 1 + (step.At % 6);
        int times = step.Trouble == Trouble.FailTwice ? 2 : 1;
        return call => kinds.Contains(call.Kind) && --left <= 0 && times-- > 0 ? new IOException($"{call.Kind} of {call.Name} fails") : null;
    }
}
