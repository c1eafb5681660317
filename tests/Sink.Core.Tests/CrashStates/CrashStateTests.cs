using S3Journal.Proofs;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.CrashStates;

/// <summary>No crash of any short sequence of operations breaks a promise; see <see cref="CrashStateRun"/> for what is tried.</summary>
public class CrashStateTests
{
    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public void NoCrashWithinAFewOperationsBreaksAPromise()
    {
        CrashStateRun run = New(Compression.None);
        for (int length = 0; length <= 3; length++)
        {
            run.Run(Operations.Young, CrashStateRun.AllSequences(length));
            run.Run(Operations.Grown, CrashStateRun.AllSequences(length));
        }

        // A tenth of them, half from each start; in the long form all from both.
        Random random = new(LongForm.Seed);
        foreach (Action<JournalWorld> start in (Action<JournalWorld>[])[Operations.Young, Operations.Grown])
        {
            run.Run(start, CrashStateRun.AllSequences(4).Where(_ => random.Next(20) < LongForm.Count(1, 20)));
        }

        Report("crash states", run);
    }

    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public void NoCrashOfALongerSequenceBreaksAPromise()
    {
        CrashStateRun run = New(Compression.Zstd);
        Random random = new(LongForm.Seed);
        Operation[][] sequences = [.. Enumerable.Range(0, (int)LongForm.Count(20, 4_000)).Select(_ => random.GetItems(Enum.GetValues<Operation>(), random.Next(5, 13)))];
        AllCores.ForEach(sequences, sequence =>
        {
            try
            {
                run.Run(Operations.Grown, sequence);
            }
            catch (BrokenPromiseException exception)
            {
                throw Shrink(sequence, exception);
            }
        });
        Report("crash states of longer sequences", run);
    }

    /// <summary>Leaves out one operation after the other, as long as a promise is broken.</summary>
    private static BrokenPromiseException Shrink(Operation[] sequence, BrokenPromiseException broken)
    {
        for (int i = 0; i < sequence.Length;)
        {
            Operation[] shorter = [.. sequence[..i], .. sequence[(i + 1)..]];
            try
            {
                New(Compression.Zstd).Run(Operations.Grown, shorter);
                i++;
            }
            catch (BrokenPromiseException exception)
            {
                (sequence, broken, i) = (shorter, exception, 0);
            }
        }

        return broken;
    }

    private static CrashStateRun New(Compression compression) => new(compression, LongForm.Seed, (int)LongForm.Count(128, 16), secondCrashesOfAKill: 2);

    private static void Report(string proof, CrashStateRun run) => Figures.Report(
        proof,
        ("sequences", run.Sequences),
        ("crash points", run.Points),
        ("in full", $"{100.0 * run.InFull / (run.Points - run.PointsAgain):F1} %"),
        ("points met before", run.PointsAgain),
        ("states", run.States),
        ("different", run.Distinct),
        ("drained", run.Drained),
        ("second crashes", run.SecondCrashes),
        ("seed", $"{LongForm.Seed}"));
}
