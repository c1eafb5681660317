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
            Console.WriteLine($"{length}: {Environment.TickCount64 - t0} ms, cpu {System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime}, seq {run.Sequences} points {run.Points} full {run.InFull} states {run.States} distinct {run.Distinct} drained {run.Drained} second {run.SecondCrashes} alloc {GC.GetTotalAllocatedBytes() >> 20} MiB gcs {GC.CollectionCount(0)} {GC.CollectionCount(1)} {GC.CollectionCount(2)} pause {GC.GetTotalPauseDuration()} server {System.Runtime.GCSettings.IsServerGC}");
        }
    }
}
