using S3Journal.Proofs;

namespace Sink.Core.Tests.CrashStates;

public class CrashStateTests
{
    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public void NoCrashBreaksAPromise()
    {
        CrashStateRun run = new(PowerLosses.Most, LongForm.Seed);
        int depth = int.Parse(Environment.GetEnvironmentVariable("DEPTH") ?? "2");
        for (int length = 0; length <= depth; length++)
        {
            long t0 = Environment.TickCount64;
            run.Run(Operations.Young, CrashStateRun.AllSequences(length));
            run.Run(Operations.Grown, CrashStateRun.AllSequences(length));
            Console.WriteLine($"{length}: {Environment.TickCount64 - t0} ms, cpu {System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime}, seq {run.Sequences} points {run.Points} full {run.InFull} states {run.States} distinct {run.Distinct} second {run.SecondCrashes}");
        }
    }
}
