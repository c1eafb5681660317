using S3Journal.Proofs;
using Sink.Core.Packing;

namespace Sink.Core.Tests.Corruption;

/// <summary>Both copies of the checkpoint are damaged at the same place: nobody knows any more what was packed.</summary>
public class LostCheckpointTests
{
    // Nothing that still stands in a sealed object or in the log is lost. Only here may an entry arrive twice.
    [Fact]
    public void NothingThatIsThereIsLost()
    {
        DamagedWorld world = new();
        int length = world.Bytes(CheckpointFile.First).Length;
        long doubled = 0;
        long states = 0;
        for (int offset = 0; offset < length; offset += 3)
        {
            int at = offset;
            foreach (bool isCut in (bool[])[false, true])
            {
                states++;
                doubled += world.TryWithoutCheckpoint(disk =>
                {
                    foreach (string copy in (string[])[CheckpointFile.First, CheckpointFile.Second])
                    {
                        if (isCut)
                        {
                            DamagedWorld.Cut(disk, copy, at);
                        }
                        else
                        {
                            DamagedWorld.Flip(disk, copy, at, at % 8);
                        }
                    }
                });
            }
        }

        Figures.Report("both copies of the checkpoint", ("states", states), ("entries twice, all in all", doubled));
    }
}
