using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Model;

/// <summary>
/// Runs a script once and looks at every state in which the process or the machine could have died: before each call
/// that changes the disk, and at the end; each with every fate.
/// </summary>
internal static class CrashPoints
{
    private const int Seeds = 8;

    /// <summary>Null is the death of the process alone.</summary>
    public static IReadOnlyList<(string Name, PowerLossChoice? Choice)> Fates(int point) =>
    [
        ("kill", null),
        ("all lost", PowerLossChoice.AllLost),
        ("all kept", PowerLossChoice.AllKept),
        ("only names of checkpoints kept", new ScriptedPowerLoss { Name = static (path, bindings) => IsCheckpoint(path) ? bindings - 1 : 0, Write = static (_, _) => WriteFate.Lost }),
        ("all but names of checkpoints kept", new ScriptedPowerLoss { Name = static (path, bindings) => IsCheckpoint(path) ? 0 : bindings - 1 }),
        ("only deletes kept", new ScriptedPowerLoss { Name = static (path, bindings) => path.Contains("journal/", StringComparison.Ordinal) ? bindings - 1 : 0, Write = static (_, _) => WriteFate.Lost }),
        .. Enumerable.Range(0, Seeds).Select(seed => ($"seed {(point * Seeds) + seed}", (PowerLossChoice?)PowerLossChoice.Seeded((ulong)((point * Seeds) + seed)))),
    ];

    /// <summary>Every state of a script; the calls of a whole recovery are among them when the script reopens.</summary>
    public static IReadOnlyList<(string Name, JournalWorld World)> States(Action<JournalWorld> script, int lanes = 1, params SyncSite[] ignored)
    {
        JournalWorld world = JournalWorld.Create(lanes);
        world.Disk.IgnoredSites.UnionWith(ignored);
        List<(string, JournalWorld)> states = [];
        world.Watch = call =>
        {
            if (Changes(call.Kind) && !IsNothingToDelete(world.Disk, call))
            {
                states.Add(($"before {call.Kind} {call.Name} {call.Site}", world.Fork()));
            }
        };
        script(world);
        states.Add(("at the end", world.Fork()));
        return states;
    }

    /// <summary>Checks every promise in every state with every fate; the first that is broken is thrown.</summary>
    public static void Check(Action<JournalWorld> script, int lanes = 1, params SyncSite[] ignored)
    {
        IReadOnlyList<(string Name, JournalWorld World)> states = States(script, lanes, ignored);
        for (int point = 0; point < states.Count; point++)
        {
            foreach ((string fate, PowerLossChoice? choice) in Fates(point))
            {
                try
                {
                    Die(states[point].World, choice).Check();
                }
                catch (BrokenPromiseException exception)
                {
                    throw new BrokenPromiseException($"Crash {point} of {states.Count}, {states[point].Name}, {fate}: {exception.Message}", exception);
                }
            }
        }
    }

    /// <summary>The machine after that fate; lanes are not open.</summary>
    public static JournalWorld Die(JournalWorld state, PowerLossChoice? choice)
    {
        JournalWorld world = state.Fork();
        if (choice is null)
        {
            world.Kill();
        }
        else
        {
            world.LosePower(choice);
        }

        return world;
    }

    private static bool IsCheckpoint(string path) => path.Contains("checkpoint", StringComparison.Ordinal);

    private static bool IsNothingToDelete(MemoryDisk disk, DiskCall call) =>
        call.Kind == DiskCallKind.Delete && !disk.ListFiles().Any(file => call.Directory.EndsWith(file[..Math.Max(0, file.LastIndexOf('/'))], StringComparison.Ordinal) && file.EndsWith("/" + call.Name, StringComparison.Ordinal));

    public static bool Changes(DiskCallKind kind) => kind is
        DiskCallKind.CreateDirectory or DiskCallKind.Create or DiskCallKind.Rename or DiskCallKind.TryRename or DiskCallKind.Delete
        or DiskCallKind.SyncNames or DiskCallKind.Map or DiskCallKind.Write or DiskCallKind.Truncate or DiskCallKind.Sync;
}
