namespace Sink.Core.Tests.Journals;

/// <summary>What a journal says at its start about slow compressions.</summary>
public class AdviceTests
{
    [Fact]
    public async Task ASlowCompressionIsToldOnceWithItsRate()
    {
        foreach (Compression compression in Enum.GetValues<Compression>())
        {
            JournalBench bench = new();
            await using Journal journal = bench.Open(o => o.Compression = compression);
            await using Journal again = bench.Open(o => o.Compression = compression);

            JournalFailure[] advice = [.. bench.Failures.Where(static failure => failure.Kind == JournalFailureKind.Advice)];

            Assert.Equal(compression is Compression.Lzma or Compression.Xz ? 1 : 0, advice.Length);
            Assert.All(advice, told =>
            {
                Assert.StartsWith($"Compression is {compression}, which packs about ", told.Message, StringComparison.Ordinal);
                Assert.Contains("MB of entries a second", told.Message, StringComparison.Ordinal);
                Assert.Contains("choose Zstd", told.Message, StringComparison.Ordinal);
            });
            Assert.Null(journal.GetStats().LastError);
        }
    }
}
