using System.Globalization;
using CsCheck;

namespace Sink.Core.Tests.Model;

/// <summary>Random lives of a journal. A failure prints its seed; to replay it, give that to <c>Sample</c>.</summary>
public class RandomModelTests
{
    private const int Steps = 40;

    private static readonly long _iterations = long.Parse(Environment.GetEnvironmentVariable("S3JOURNAL_MODEL_ITERATIONS") ?? "150", CultureInfo.InvariantCulture);

    [Fact]
    public void NoLifeBreaksAPromise() => Sample(1, mayNotSync: false, _iterations);

    [Fact]
    public void TwoLanesShareABucketAndNothingElse() => Sample(2, mayNotSync: false, _iterations / 3);

    [Fact]
    public void WithoutSyncsOnlyAPowerLossTakesAnythingAndNoCheckpointLies() => Sample(1, mayNotSync: true, _iterations / 3);

    private static void Sample(int lanes, bool mayNotSync, long iterations) =>
        ModelStep.Steps(lanes).Array[5, Steps].Sample(
            steps => RandomLife.Run(lanes, mayNotSync, steps),
            iter: iterations,
            threads: 1,
            print: static steps => string.Join(",\n", steps));
}
