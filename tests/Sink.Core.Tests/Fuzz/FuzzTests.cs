using S3Journal.Proofs;

namespace Sink.Core.Tests.Fuzz;

/// <summary>Nothing that stands in a file, a name or an object makes its reader throw what it does not say, hang, or take memory that the bytes do not need.</summary>
[Trait(LongForm.Trait, LongForm.Yes)]
public class FuzzTests
{
    private static readonly FuzzTarget[] _targets = [.. FileTargets.All, .. TextTargets.All, .. ObjectTargets.All];

    public static TheoryData<string> Readers => [.. _targets.Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void SpoiledBytesAreReadOrRefused(string reader)
    {
        FuzzTarget target = _targets.Single(target => target.Name == reader);
        long all = _targets.Sum(static each => each.Weight);
        long cases = ((LongForm.Count(200_000, 10_000_000) * target.Weight) + all - 1) / all;
        FuzzRun.Run(target, cases, LongForm.Seed);
    }
}
