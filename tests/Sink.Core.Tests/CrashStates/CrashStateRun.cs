using System.Collections.Concurrent;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.CrashStates;

/// <summary>
/// Runs sequences of operations, and looks at every state that a crash may leave: after each call to the file system
/// that the last operation makes (the others are the last ones of shorter sequences), the death of the process, and
/// every outcome of a power loss.
/// </summary>
/// <remarks>
/// <para>What a power loss may do is what POSIX leaves open. Of what was not synced: each write is kept, lost, lost but
/// for the file's new length, or torn behind its first sector or its first page, the part before or behind kept; each
/// truncation is kept or lost; each name means what it meant at some time since its directory was synced, a rename
/// losing neither file; each page of the mapped ring is as the kernel wrote it last (asked for before each operation) or
/// newer. All of these independently of each other.</para>
/// <para>Not modelled: a sector written in part, several tears in one write, a disk or file system that loses what it
/// called synced, rot (other tests flip bits), and calls that fail (others fail each).</para>
/// <para>In each state the journal is opened and drained, and every promise checked. Then it goes on from there and
/// crashes again: within its recovery, or after new entries of the same sizes, by the death of the process or a power
/// loss, so that bytes of the first life that come back would show; of the states after a power loss a share does, by
/// the state's own fingerprint.</para>
/// <para>Points that are alike in what the disk holds, in what is in doubt and in what is expected are looked at once; so
/// are states with equal disks of which the same is expected, and equal journals that recovery made of different states are
/// drained once.</para>
/// </remarks>
/// <param name="compression">Of the objects; what a crash leaves does not depend on it, the time a check takes does.</param>
/// <param name="seed">Of the outcomes that are drawn, and of the second crashes.</param>
/// <param name="secondCrashShare">One state in so many that a power loss left is taken through a second crash.</param>
/// <param name="secondCrashesOfAKill">Each state that the death of the process left is taken through so many.</param>
/// <param name="ignored">Syncs that answer well and do nothing.</param>
internal sealed class CrashStateRun(Compression compression, int seed, int secondCrashShare, int secondCrashesOfAKill, params SyncSite[] ignored)
{
    private readonly ConcurrentDictionary<(ulong, int), bool> _seen = [];
    private readonly ConcurrentDictionary<(ulong, int), bool> _recovered = [];
    private readonly ConcurrentDictionary<(ulong, int), bool> _seenPoints = [];
    private long _sequences;
    private long _points;
    private long _pointsAgain;
    private long _inFull;
    private long _states;
    private long _distinct;
    private long _drained;
    private long _second;

    public long Sequences => _sequences;

    public long Points => _points;

    /// <summary>Points at which disk, doubts and expectations were those of another: their states were met there.</summary>
    public long PointsAgain => _pointsAgain;

    /// <summary>Of the others, those of which every outcome was met.</summary>
    public long InFull => _inFull;

    public long States => _states;

    public long Distinct => _distinct;

    /// <summary>Different journals that recovery made of the states; each was drained.</summary>
    public long Drained => _drained;

    public long SecondCrashes => _second;

    public static IEnumerable<Operation[]> AllSequences(int length) => length == 0
        ? [[]]
        : AllSequences(length - 1).SelectMany(static sequence => Operations.All.Select(operation => (Operation[])[.. sequence, operation]));

    /// <summary>Runs them on all cores; the first promise that is broken is thrown.</summary>
    public void Run(Action<JournalWorld> start, IEnumerable<Operation[]> sequences) =>
        AllCores.ForEach(sequences, sequence => Run(start, sequence));

    public void Run(Action<JournalWorld> start, Operation[] sequence)
    {
        foreach ((string name, JournalWorld world) in PointsOf(start, sequence))
        {
            Interlocked.Increment(ref _points);
            try
            {
                CheckPoint(world);
            }
            catch (BrokenPromiseException exception)
            {
                throw new BrokenPromiseException($"[{string.Join(", ", sequence)}], crash {name}: {exception.Message}", exception);
            }
        }

        Interlocked.Increment(ref _sequences);
    }

    /// <summary>The worlds at whose every call the last operation may be cut off.</summary>
    private List<(string Name, JournalWorld World)> PointsOf(Action<JournalWorld> start, Operation[] sequence)
    {
        JournalWorld world = JournalWorld.Create();
        world.Disk.IgnoredSites.UnionWith(ignored);
        List<(string, JournalWorld)> points = [];
        if (sequence.Length == 0)
        {
            Watch();
        }

        world.Lanes[0].Packing = world.Lanes[0].Packing with { Compression = compression };
        start(world);
        world.Disk.WritePagesBack();
        int writeback = (int)(Order(sequence) % (ulong)Math.Max(1, sequence.Length));
        for (int i = 0; i < sequence.Length; i++)
        {
            if (i == writeback)
            {
                world.Disk.WritePagesBack();
            }

            if (i == sequence.Length - 1)
            {
                Watch();
            }

            Operations.Do(world, sequence[i]);
        }

        points.Add(("at the end", world.Fork()));
        return points;

        void Watch() => world.Watch = call =>
        {
            if (CrashPoints.Changes(call.Kind))
            {
                points.Add(($"before {call.Kind} {call.Name} {call.Site}", world.Fork()));
            }
        };
    }

    /// <summary>Numbers the sequences of a length.</summary>
    private static ulong Order(Operation[] sequence) => sequence.Aggregate(0UL, static (number, operation) => (number * 10) + (ulong)operation);

    private void CheckPoint(JournalWorld point)
    {
        if (!_seenPoints.TryAdd((point.Disk.FingerprintOfDoubt(), point.Expectations()), true))
        {
            Interlocked.Increment(ref _pointsAgain);
            return;
        }

        // Nothing is lost yet, and everything is still in doubt: what the next process does is more than elsewhere.
        JournalWorld killed = point.Fork();
        killed.Kill();
        Random random = RandomOf(killed.Disk.Fingerprint());
        Check(killed.Fork(), [.. Enumerable.Range(0, secondCrashesOfAKill).Select(i => new SecondCrash(killed.Fork(), random, inRecovery: i % 2 == 0))], static () => "killed");

        PowerLosses losses = new(point.Disk, (ulong)seed);
        Interlocked.Add(ref _inFull, losses.IsFull ? 1 : 0);
        int expectations = point.ForkOnto(point.Disk, powerLost: true).Expectations();
        foreach ((MemoryDisk disk, Outcome outcome) in losses.Walk())
        {
            ulong fingerprint = disk.Fingerprint();
            Interlocked.Increment(ref _states);
            if (_seen.TryAdd((fingerprint, expectations), true))
            {
                Interlocked.Increment(ref _distinct);
                JournalWorld lost = point.ForkOnto(disk, powerLost: true);
                random = RandomOf(fingerprint);
                SecondCrash[] second = random.Next(secondCrashShare) == 0 ? [new(lost.Fork(), random, inRecovery: random.Next(2) == 0)] : [];
                Check(lost, second, () => outcome.Describe(point.Disk));
            }
        }
    }

    private Random RandomOf(ulong fingerprint) => new(unchecked((int)(fingerprint ^ (fingerprint >> 32)) ^ seed));

    private void Check(JournalWorld world, SecondCrash[] second, Func<string> describe)
    {
        Func<string> story = static () => "";
        try
        {
            world.OpenAll();

            // What a drain does follows from what the recovery left; the ring is not read again but by the next one.
            if (_recovered.TryAdd((world.Disk.Fingerprint(except: "ring"), world.Expectations()), true))
            {
                Interlocked.Increment(ref _drained);
                world.Drain();
            }

            world.Forget();
            foreach (SecondCrash crash in second)
            {
                story = () => crash.Story;
                crash.Check();
            }
        }
        catch (BrokenPromiseException exception)
        {
            throw new BrokenPromiseException($"{describe()}{story()}: {exception.Message}", exception);
        }

        Interlocked.Add(ref _second, second.Length);
    }
}
