using S3Journal.Proofs;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Faults;

/// <summary>Every call to the disk fails once, and for a while, in every way that it can: no append throws, nothing stored is lost or doubled, the sums are right.</summary>
[Trait(LongForm.Trait, LongForm.Yes)]
public class NthCallTests
{
    [Fact]
    public void EveryCallFailsOnceAndForAWhile()
    {
        IReadOnlyList<DiskCall> calls = FaultLife.CountCalls();
        List<string> broken = [];
        long runs = 0;
        for (int n = 1; n <= calls.Count; n++)
        {
            foreach (FaultKind kind in Fault.Kinds.Where(kind => Fault.Of(kind, calls[n - 1]) is not null))
            {
                foreach (bool lasts in (bool[])[false, true])
                {
                    runs++;
                    try
                    {
                        FaultLife.Run(kind, n, lasts);
                    }
                    catch (Exception exception)
                    {
                        broken.Add($"call {n} ({calls[n - 1].Kind} {calls[n - 1].Name} {calls[n - 1].Site}), {kind}{(lasts ? " for a while" : "")}: {exception.GetType().Name}: {exception.Message} {exception.StackTrace?.Split('\n').FirstOrDefault(static line => line.Contains("/src/", StringComparison.Ordinal))?.Trim()}");
                    }
                }
            }
        }

        Figures.Report("n-th call", ("calls", calls.Count), ("faults", Fault.Kinds.Count), ("runs", runs));
        Assert.True(broken.Count == 0, $"{broken.Count} of {runs}:\n{string.Join('\n', broken.Take(25))}");
    }
}
