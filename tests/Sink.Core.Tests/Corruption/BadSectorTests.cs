using S3Journal.Proofs;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.Corruption;

/// <summary>A sector that answers every read with an error, in every file: it is damage of its size, and stops nothing.</summary>
public class BadSectorTests
{
    private const int PageBytes = 4096;
    private const int IoError = 5;

    private static readonly Lazy<DamagedWorld> _world = new(static () => new DamagedWorld());

    private static DamagedWorld World => _world.Value;

    [Fact]
    public void OnlyWhatStandsInTheSectorIsLost()
    {
        long pages = 0;
        long lost = 0;
        foreach (string segment in World.Segments)
        {
            Assert.True(SegmentName.TryParse(segment, out SegmentName name));
            for (int page = 0; page < World.Bytes(segment).Length; page += PageBytes)
            {
                long from = page - SegmentHeader.Bytes + name.Base;
                int at = page;

                // Its header, and with it the seed of all its frames, stands in the first.
                lost += Check(segment, at, entry => entry.End > from && (entry.Position < from + PageBytes || at == 0));
                pages++;
            }
        }

        for (int page = 0; page < World.Bytes("ring").Length; page += PageBytes)
        {
            lost += Check("ring", page, static entry => entry.Position >= World.Durable);
            pages++;
        }

        for (int page = 0; page < World.Open.FileBytes; page += PageBytes)
        {
            lost += Check(World.Open.FileName, page, static entry => entry.Stream == World.Open.Stream);
            pages++;
        }

        foreach (string file in (string[])[CheckpointFile.First, CheckpointFile.Second, LaneIdentity.FileName])
        {
            lost += Check(file, 0, static _ => false);
            pages++;
        }

        Figures.Report("bad sectors", ("files", World.Segments.Count + 5), ("sectors", pages), ("entries lost", lost));
        Assert.True(lost > 0, "no sector held an entry that nothing else holds");
    }

    // The error passes after a few reads: nothing is lost, for it was not taken for damage at once.
    [Fact]
    public void AReadThatFailsForAWhileCostsNothing()
    {
        long runs = 0;
        foreach (int failures in (int[])[1, 2, 3])
        {
            foreach (string file in (string[])[.. World.Segments, "ring", World.Open.FileName, CheckpointFile.First, CheckpointFile.Second, LaneIdentity.FileName])
            {
                int left = failures;
                bool isLog = file.EndsWith(SegmentName.Suffix, StringComparison.Ordinal) && file != World.Segments[^1];
                if (failures > 1 && !isLog)
                {
                    // Only packing comes back later: an open has one other try.
                    continue;
                }

                DamageOutcome outcome = World.Try(static _ => { }, call => call.Kind == DiskCallKind.Read && call.Name == file && left-- > 0 ? Failure() : null);
                Assert.True(outcome.Missing.Count == 0, $"{file}, {failures} failures: {outcome.Missing.Count} entries are lost. {string.Join(" | ", outcome.Failures.Select(static failure => failure.Message))}");
                runs++;
            }
        }

        Figures.Report("reads that fail for a while", ("runs", runs));
    }

    // A disk that gives nothing back is away: nothing of what it holds is given up.
    [Fact]
    public void WhenNothingCanBeReadNothingIsTakenForDamage()
    {
        JournalWorld world = JournalWorld.CreateOpen();
        world.Append(20, "web", 600);
        world.CommitAll();
        world.Trouble = static call => call.Kind == DiskCallKind.Read && call.Name.EndsWith(SegmentName.Suffix, StringComparison.Ordinal) ? Failure() : null;
        for (int i = 0; i < 12; i++)
        {
            Assert.False(world.Pack());
        }

        Assert.DoesNotContain(world.Lanes[0].Failures, static failure => failure.Kind == JournalFailureKind.Permanent);
        world.Trouble = null;
        Assert.Equal(20, world.Drain().Count);
    }

    private static long Check(string file, long page, Func<ModelEntry, bool> mayTake)
    {
        DamageOutcome outcome = World.Try(static _ => { }, call => call.Kind == DiskCallKind.Read && call.Name == file && call.Offset < page + PageBytes && call.Offset + call.Length > page ? Failure() : null);
        Assert.True(outcome.Missing.All(mayTake), $"{file}, the sector at {page}: {outcome.Missing.FirstOrDefault(entry => !mayTake(entry))} is lost. {string.Join(" | ", outcome.Failures.Select(static failure => failure.Message))}");
        Assert.True(outcome.Missing.Count == 0 || (outcome.IsReported && outcome.SetAside.Any(name => Quarantine.TryParse(name, out _) && name.StartsWith(file, StringComparison.Ordinal))), $"{file}, the sector at {page}: a loss is not told.");
        return outcome.Missing.Count;
    }

    private static IOException Failure() => new("Input/output error", IoError);
}
