using CsCheck;
using S3Journal.Proofs;

namespace Sink.Core.Tests.CrashStates;

/// <summary>No crash of any short sequence of operations breaks a promise; see <see cref="CrashStateRun"/> for what is tried.</summary>
public class CrashStateTests
{
    private static readonly int _secondCrashShare = (int)LongForm.Count(32, 8);

    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public void NoCrashWithinAFewOperationsBreaksAPromise()
    {
        CrashStateRun run = new(Compression.None, LongForm.Seed, _secondCrashShare);
        for (int length = 0; length <= 2; length++)
        {
            run.Run(Operations.Young, CrashStateRun.AllSequences(length));
            run.Run(Operations.Grown, CrashStateRun.AllSequences(length));
        }

        // The long form goes one operation further, and takes twenty minutes of a core.
        Random random = new(LongForm.Seed);
        run.Run(Operations.Grown, CrashStateRun.AllSequences(3).Where(_ => random.Next(10) < LongForm.Count(1, 10)));
        run.Run(Operations.Grown, CrashStateRun.AllSequences(4).Where(_ => random.Next(10) < LongForm.Count(0, 1)));
        Report("crash states", run);
    }

    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public void NoCrashOfALongerSequenceBreaksAPromise()
    {
        CrashStateRun run = new(Compression.Zstd, LongForm.Seed, _secondCrashShare);
        Gen.Enum<Operation>().Array[5, 12].Sample(
            sequence => run.Run(Operations.Grown, sequence),
            iter: LongForm.Count(10, 4_000),
            print: static sequence => string.Join(", ", sequence));
        Report("crash states of longer sequences", run);
    }

    private static void Report(string proof, CrashStateRun run) => Figures.Report(
        proof,
        ("sequences", run.Sequences),
        ("crash points", run.Points),
        ("in full", $"{100.0 * run.InFull / run.Points:F1} %"),
        ("states", run.States),
        ("different", run.Distinct),
        ("drained", run.Drained),
        ("second crashes", run.SecondCrashes),
        ("seed", $"{LongForm.Seed}"));
}
