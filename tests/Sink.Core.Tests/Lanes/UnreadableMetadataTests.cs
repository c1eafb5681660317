using Sink.Core.Lanes;
using Sink.Core.Packing;
using Sink.Core.Tests.Model;
using Sink.Core.Tests.Paths;

namespace Sink.Core.Tests.Lanes;

/// <summary>A document that no reader would take, which the options' checks rule out, is not sealed; nothing is lost by it.</summary>
public class UnreadableMetadataTests
{
    [Theory]
    [InlineData("", null, null, "where ")]
    [InlineData("web01", "null", null, "work_id ")]
    [InlineData("web01", "import 17", null, "work_id ")]
    [InlineData("web01", null, "v2\n", "data-version ")]
    public void ItIsSaidAndEverythingIsDeliveredByWhoCanNameIt(string id, string? workId, string? dataVersion, string field)
    {
        using RealLane lane = new();
        LaneSettings settings = new ModelLane(0).Settings();
        PackingPlan plan = settings.Plan with { Id = id, WorkId = workId, DataVersion = dataVersion };
        using (Lane open = lane.Open(settings with { Plan = plan }))
        {
            RealLane.Append(open, 0, 10);
            RealLane.Append(open, 10, 10, "other");
            RealLane.Commit(open);
            RealLane.Pack(open);

            // Not an IOException, on which the packer would begin again, and again.
            JournalException failure = Assert.Throws<JournalException>(() => open.SealBelow(open.Log.Head));
            Assert.Contains($"cannot be sealed, for its metadata would be unreadable: {field}", failure.Message);
            Assert.DoesNotContain(lane.Names, static name => name.Contains(".sealed", StringComparison.Ordinal));
        }

        lane.Drain();
        Assert.Equal(20, lane.Delivered());
        Assert.Empty(lane.Failures);
    }
}
